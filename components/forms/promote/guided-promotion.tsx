'use client'

import Alert from '@cloudscape-design/components/alert'
import Box from '@cloudscape-design/components/box'
import Button from '@cloudscape-design/components/button'
import ContentLayout from '@cloudscape-design/components/content-layout'
import Header from '@cloudscape-design/components/header'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { useQuery } from '@tanstack/react-query'
import { usePathname, useSearchParams } from 'next/navigation'
import { useState } from 'react'
import { Link } from '@/components/shell/link'
import { useHydrated } from '@/components/shell/use-hydrated'
import { WaitingWords } from '@/components/shell/waiting-words'
import { usePlan } from '@/lib/queries/plan'
import { runQuery } from '@/lib/queries/runs'
import { useTopology } from '@/lib/queries/topology'
import { familyName, familyOf } from '@/lib/topology/family'
import { inWords } from '@/lib/topology/in-words'
import type { Family, Topology } from '@/lib/topology/topology'
import { GuidedPath } from './guided-path'
import { NoReplica } from './no-replica'
import styles from './promote.module.css'
import { PromotionObstacle } from './promotion-obstacle'
import { promotionPath } from './promotion-path'
import { PromotionReview } from './promotion-review'
import { PromotionRun } from './promotion-run'
import { promotionObstacles, promotionTargets } from './promotion-targets'
import { agreementOn, swapOf } from './role-agreement'
import { TargetSection } from './target-section'

/** The first sentence: where the primary key is, and what could be done about it. */
function answerOf(family: Family, topology: Topology): string {
  const targets = promotionTargets(family, topology)
  const free = targets.filter(({ refusal }) => refusal === null).map(({ member }) => member.region)
  const where =
    family.primaryRegion === null ? 'KMS names no primary key now.' : `The primary key is in ${family.primaryRegion}.`
  if (promotionObstacles(family, topology).length > 0) return where
  if (free.length === 0) return `${where} No replica key could take over now: each says why below.`
  return `${where} Nothing that was read speaks against promoting ${inWords(free)}.`
}

/** Search parameters change without asking the server: everything on the page is there already. */
function useSearchWriter() {
  const pathname = usePathname()
  return (search: Record<string, string>) =>
    window.history.replaceState(null, '', `${pathname}?${new URLSearchParams(search)}`)
}

/** The way from the choice of a target to a checked promotion; target and run stand in the URL. */
function Path({ family, topology }: { family: Family; topology: Topology }) {
  const { keyId } = family
  const search = useSearchParams()
  const write = useSearchWriter()
  const to = search.get('to')
  const runId = search.get('run')

  const [chosen, setChosen] = useState(to)
  const [reviewed, setReviewed] = useState<string | null>(null)
  const [reason, setReason] = useState('')
  const [startedHere, setStartedHere] = useState<string | null>(null)
  // A link to another target, such as that of a way back, begins the path anew.
  const [seen, setSeen] = useState(to)
  if (to !== seen) {
    setSeen(to)
    setChosen(to)
    if (to !== reviewed) setReviewed(null)
  }

  const request = reviewed === null || runId !== null ? null : { kind: 'promote', keyId, toRegion: reviewed }
  const planned = usePlan(request)
  const plan = request !== null && planned.data?.ok ? planned.data.value : null
  const { data: run } = useQuery({ ...runQuery(runId ?? ''), enabled: runId !== null })
  const swap = run ? swapOf(run, family) : null
  const agreed = swap !== null && agreementOn(family, swap).verdict === 'agreed'
  const path = promotionPath(plan, runId === null ? null : (run ?? { status: 'queued' }), agreed)

  const review = (region: string) => {
    write({ to: region })
    if (region === reviewed) void planned.refetch()
    else setReviewed(region)
  }
  const choose = (region: string) => {
    setChosen(region)
    if (region !== reviewed) setReviewed(null)
  }
  const started = (id: string) => {
    setStartedHere(id)
    setReviewed(null)
    setReason('')
    write({ to: chosen ?? '', run: id })
  }

  return (
    <div className={styles.layout}>
      <div className={styles.path}>
        <GuidedPath path={path} />
      </div>
      <div className={styles.sections}>
        {runId === null ? (
          <>
            <TargetSection
              targets={promotionTargets(family, topology)}
              primaryRegion={family.primaryRegion}
              chosen={chosen}
              isReviewed={plan !== null}
              isReviewing={planned.isFetching}
              onChoose={choose}
              onReview={review}
            />
            {request !== null && (
              <PromotionReview
                planned={planned}
                reason={reason}
                onReason={setReason}
                onReviewAgain={() => void planned.refetch()}
                onTarget={review}
                onStarted={started}
              />
            )}
          </>
        ) : (
          <PromotionRun
            runId={runId}
            run={run}
            family={family}
            isNew={startedHere === runId}
            onStartOver={() => write(chosen === null ? {} : { to: chosen })}
          />
        )}
      </div>
    </div>
  )
}

function PromotionOf({ family, topology }: { family: Family; topology: Topology }) {
  const isRunShown = useSearchParams().get('run') !== null
  const obstacles = promotionObstacles(family, topology)
  const hasReplica = family.members.some(({ region }) => region !== family.primaryRegion)
  return (
    <SpaceBetween size="l">
      {!isRunShown && <PromotionObstacle family={family} obstacles={obstacles} />}
      {hasReplica ? <Path family={family} topology={topology} /> : <NoReplica family={family} />}
    </SpaceBetween>
  )
}

/** The guided promotion of one family: choose, review, confirm, watch, check. */
export function GuidedPromotion({ keyId, knownAs }: { keyId: string; knownAs: string }) {
  const { data, isError, refetch } = useTopology()
  // What is chosen before the page lives would be lost.
  const topology = useHydrated() ? data : undefined
  const isRunShown = useSearchParams().get('run') !== null
  const family = topology && familyOf(topology, keyId)
  const name = family ? familyName(family) : knownAs
  return (
    <ContentLayout
      header={
        <SpaceBetween size="xs">
          <Header variant="h1" description={family && topology && !isRunShown ? answerOf(family, topology) : undefined}>
            {`Promote a replica key of ${name}`}
          </Header>
          <Link href={`/keys/${encodeURIComponent(keyId)}`}>{`To the key family ${name}`}</Link>
        </SpaceBetween>
      }
    >
      {!topology && !isError && <WaitingWords>Reading the Regions …</WaitingWords>}
      {!topology && isError && (
        <Alert
          type="error"
          header="The key families could not be read"
          action={<Button onClick={() => void refetch()}>Read again</Button>}
        >
          The dashboard’s own server does not answer.
        </Alert>
      )}
      {topology && !family && (
        <Alert type="warning" header="No Region names this key family any more">
          <Box variant="p">Its keys may have been deleted since this page was opened.</Box>
        </Alert>
      )}
      {topology && family && <PromotionOf family={family} topology={topology} />}
    </ContentLayout>
  )
}
