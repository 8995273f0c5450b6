/** A script of blocks, as a campaign is given it. */
import { z } from 'zod'
import { ANSWERS_MAX, BLOCK_CHARS_MAX, BLOCKS_MAX, mistakesIn } from '../core/campaign/script.ts'
import { nameText } from './name.ts'
import { plainText } from './text.ts'

const blockId = z.string().regex(/^[a-z0-9-]{1,40}$/, 'small letters, digits and -, at most 40')

export const scriptBlock = z.object({
  blockId,
  text: plainText(BLOCK_CHARS_MAX),
  answers: z
    .array(z.object({ label: nameText(80), to: blockId }))
    .max(ANSWERS_MAX)
    .default([]),
})

export const scriptBlocks = z
  .array(scriptBlock)
  .max(BLOCKS_MAX)
  .check(context => {
    for (const mistake of mistakesIn(context.value))
      context.issues.push({ code: 'custom', input: context.value, ...mistake })
  })
