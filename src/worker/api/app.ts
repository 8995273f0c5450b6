/** The API as an application of its own. It is loaded when it is first asked (`src/worker/app.ts`). */
import { Hono } from 'hono'
import type { Env } from '../../actors/env.ts'
import { routes } from '../../wire/routes/table.ts'
import { openApi } from '../open-api.ts'
import { answerProblem, Refusal, refusalOf } from '../problem.ts'
import { register } from '../route-table.ts'
import { API } from './table.ts'

const VERSION = '0.1.0'

export const api = new Hono<{ Bindings: Env }>()

api.onError((error, c) => answerProblem(c, refusalOf(error)))
api.notFound(c => answerProblem(c, new Refusal(404, 'There is no such thing here.')))

// By the rows of `src/wire/routes`, which say who may call each.
register(api, API)
api.get('/api/openapi.json', c => c.json(openApi(routes, VERSION)))
