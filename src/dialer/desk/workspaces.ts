/** The workspaces of the person at this desk. */
import { ask } from '../api.ts'

export const WORKSPACES = { queryKey: ['workspaces'], queryFn: () => ask('GET /api/me/workspaces'), staleTime: 60_000 }

/** The desk of this page ends with the change, so the page is loaded anew. */
export async function enterWorkspace(desk: { stop(): void }, workspaceId: string): Promise<void> {
  await ask('PUT /api/me/workspace', { body: { workspaceId } })
  desk.stop()
  window.location.assign('/app/')
}
