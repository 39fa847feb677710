'use client'

import AppLayout from '@cloudscape-design/components/app-layout'
import SideNavigation from '@cloudscape-design/components/side-navigation'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { usePathname } from 'next/navigation'
import { type ReactNode, Suspense, useEffect, useState } from 'react'
import { PlanDialog } from '@/components/plans/plan-dialog'
import { useLiveEvents } from '@/lib/queries/live-events'
import styles from './app-shell.module.css'
import { CommandPalette } from './command-palette'
import { RegionTrouble } from './region-trouble'
import { screenOf, screens } from './screens'
import { TOP_BAR_ID, TopBar } from './top-bar'
import { TrainingBanner } from './training-banner'
import { useFollow } from './use-follow'

const CONTENT_ID = 'content'

/** What stands around every screen; `training` when this is the built-in emulator. */
export function AppShell({ children, training }: { children: ReactNode; training: boolean }) {
  const pathname = usePathname()
  const follow = useFollow()
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
    <>
      <a href={`#${CONTENT_ID}`} className={styles.skip}>
        Skip to the content
      </a>
      <TopBar connected={connected} onFind={() => setFinding(true)} />
      <AppLayout
        headerSelector={`#${TOP_BAR_ID}`}
        toolsHide
        navigationWidth={220}
        ariaLabels={{ navigation: 'Screens', navigationToggle: 'Open the navigation', navigationClose: 'Close it' }}
        navigation={
          <SideNavigation
            activeHref={screenOf(pathname)}
            items={screens.map(({ text, href }) => ({ type: 'link', text, href }))}
            onFollow={follow}
          />
        }
        content={
          <div id={CONTENT_ID} tabIndex={-1} className={styles.content}>
            <SpaceBetween size="m">
              {training ? <TrainingBanner /> : null}
              {/* The overview says the same at length. */}
              {pathname === '/' ? null : <RegionTrouble />}
              {children}
            </SpaceBetween>
          </div>
        }
      />
      <Suspense>
        {finding ? <CommandPalette onClose={() => setFinding(false)} /> : null}
        <PlanDialog />
      </Suspense>
    </>
  )
}
