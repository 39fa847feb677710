'use client'

import Button from '@cloudscape-design/components/button'
import TopNavigation from '@cloudscape-design/components/top-navigation'
import Link from 'next/link'
import { useRefreshTopology, useTopology } from '@/lib/queries/topology'
import { chooseScheme } from './colour-scheme'
import { LiveState } from './live-state'
import styles from './top-bar.module.css'
import { useColourScheme } from './use-colour-scheme'

interface TopBarProps {
  connected: boolean
  onFind: () => void
}

/** Which account this is, how fresh, and the two things wanted everywhere: find, and read again. */
export function TopBar({ connected, onFind }: TopBarProps) {
  const { data } = useTopology()
  const refresh = useRefreshTopology()
  const scheme = useColourScheme()
  const other = scheme === 'dark' ? 'light' : 'dark'
  const refusal = refresh.data && !refresh.data.ok ? refresh.data.error.message : null
  const failed = refresh.isError ? 'The Regions could not be read: try again.' : refusal
  return (
    <TopNavigation>
      <div className={styles.bar}>
        <Link href="/" className={styles.name}>
          KMS Atlas
        </Link>
        <span className={styles.account} title="AWS account and partition">
          {data ? `${data.account ?? 'account not known yet'} · ${data.partition}` : null}
        </span>
        <span className={styles.find}>
          <Button iconName="search" onClick={onFind}>
            Find <kbd className={styles.keys}>Ctrl-K</kbd>
          </Button>
        </span>
        <span className={styles.live}>
          <LiveState connected={connected} />
        </span>
        <Button
          iconName="refresh"
          loading={refresh.isPending}
          loadingText="Reading every Region"
          onClick={() => refresh.mutate()}
        >
          Refresh now
        </Button>
        <Button
          variant="icon"
          iconSvg={<SchemeIcon />}
          ariaLabel={`Turn ${other}`}
          onClick={() => chooseScheme(other)}
        />
        {/* No status role: a screen has one status, that of the run it shows. */}
        <span aria-live="polite" className={failed ? styles.failed : 'visually-hidden'}>
          {failed}
        </span>
      </div>
    </TopNavigation>
  )
}

/** Half light, half dark. */
function SchemeIcon() {
  return (
    <svg viewBox="0 0 16 16" focusable="false" aria-hidden="true">
      <circle cx="8" cy="8" r="6" />
      <path d="M8 2a6 6 0 0 1 0 12z" className="filled" />
    </svg>
  )
}
