import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { cache } from 'react'
import { RunScreen } from '@/components/runs/run-screen'
import { Prefetched } from '@/components/shell/prefetched'
import { runQuery } from '@/lib/queries/runs'
import { runs } from '@/lib/runs/live'

interface RunPageProps {
  params: Promise<{ runId: string }>
}

/** Asked by the title and by the page, but read only once. */
const loadRun = cache((runId: string) => runs().get(runId, { isBrief: true }))

export async function generateMetadata({ params }: RunPageProps): Promise<Metadata> {
  const run = await loadRun((await params).runId)
  return { title: run ? run.title : 'No such run' }
}

export default async function RunPage({ params }: RunPageProps) {
  const { runId } = await params
  const run = await loadRun(runId)
  if (!run) notFound()
  return (
    <Prefetched entries={[{ queryKey: runQuery(runId).queryKey, queryFn: async () => run }]}>
      <RunScreen runId={runId} title={run.title} />
    </Prefetched>
  )
}
