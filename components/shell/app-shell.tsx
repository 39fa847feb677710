'use client'

import SpaceBetween from '@cloudscape-design/components/space-between'
import { usePathname } from 'next/navigation'
import { type ReactNode, Suspense, useEffect, useState } from 'react'
import { PlanDialog } from '@/components/plans/plan-dialog'
import { useLiveEvents } from '@/lib/queries/live-events'
import styles from './app-shell.module.css'
import { CliEndpoint } from './cli-endpoint'
import { CommandPalette } from './command-palette'
import { RegionTrouble } from './region-trouble'
import { ScreenLinks } from './screen-links'
import { TopBar } from './top-bar'
import { TrainingBanner } from './training-banner'

const CONTENT_ID = 'content'

/** They say at length what a line would say on the others: which Regions are not read, since when and why. */
const SCREENS_WITH_BLIND_SPOTS = ['/', '/keys']

interface AppShellProps {
  children: ReactNode
  training: boolean
  /** The endpoint that the dashboard was pointed at, for commands that a person pastes. */
  endpoint: string | null
}

/**
 * What stands around every screen; `training` when this is the built-in emulator. It is laid out by CSS alone: the
 * layout of the UI kit draws something else for phones than the server can know, and would be thrown away there.
 */
export function AppShell({ children, training, endpoint }: AppShellProps) {
  const pathname = usePathname()
  const { connected } = useLiveEvents()
  const [finding, setFinding] = useState(false)

  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (!(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey || event.key.toLowerCase() !== 'k') return
      event.preventDefault()
      setFinding((open) => !open)
    }
    document.addEventListener('keydown', onKeyDown)
    return () => document.removeEventListener('keydown', onKeyDown)
  }, [])

  return (
    <CliEndpoint value={endpoint}>
      <a href={`#${CONTENT_ID}`} className={styles.skip}>
        Skip to the content
      </a>
      <TopBar connected={connected} onFind={() => setFinding(true)} />
      <div className={styles.frame}>
        <ScreenLinks />
        <main id={CONTENT_ID} tabIndex={-1} className={styles.content}>
          <SpaceBetween size="m">
            {training ? <TrainingBanner /> : null}
            {SCREENS_WITH_BLIND_SPOTS.includes(pathname) ? null : <RegionTrouble />}
            {children}
          </SpaceBetween>
        </main>
      </div>
      <Suspense>
        {finding ? <CommandPalette onClose={() => setFinding(false)} /> : null}
        <PlanDialog />
      </Suspense>
    </CliEndpoint>
  )
}
