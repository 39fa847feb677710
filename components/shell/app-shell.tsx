'use client'

import AppLayout from '@cloudscape-design/components/app-layout'
import SideNavigation from '@cloudscape-design/components/side-navigation'
import { usePathname } from 'next/navigation'
import { type ReactNode, Suspense } from 'react'
import { PlanDialog } from '@/components/plans/plan-dialog'
import { useLiveEvents } from '@/lib/queries/live-events'
import { useFollow } from './use-follow'

const screens = [
  { type: 'link', text: 'Overview', href: '/' },
  { type: 'link', text: 'Keys', href: '/keys' },
  { type: 'link', text: 'Runs', href: '/runs' },
] as const

/** The screen that a path belongs to. */
const screenOf = (pathname: string) =>
  screens.find(({ href }) => href !== '/' && pathname.startsWith(href))?.href ?? '/'

export function AppShell({ children, training }: { children: ReactNode; training: boolean }) {
  const pathname = usePathname()
  const follow = useFollow()
  useLiveEvents()
  return (
    <>
      <AppLayout
        toolsHide
        navigation={
          <SideNavigation
            header={{ text: 'KMS Atlas', href: '/' }}
            activeHref={screenOf(pathname)}
            items={[...screens]}
            onFollow={follow}
          />
        }
        content={children}
        notifications={training ? <p>Training</p> : null}
      />
      <Suspense>
        <PlanDialog />
      </Suspense>
    </>
  )
}
