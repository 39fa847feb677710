'use client'

import Link from 'next/link'
import { usePathname } from 'next/navigation'
import styles from './screen-links.module.css'
import { screenOf, screens } from './screens'

/** The way to every screen: a column beside the content, on a narrow window a row above it. */
export function ScreenLinks() {
  const here = screenOf(usePathname())
  return (
    <nav aria-label="Screens" className={styles.nav}>
      <ul className={styles.list}>
        {screens.map(({ text, href }) => (
          <li key={href}>
            <Link href={href} className={styles.link} aria-current={href === here ? 'page' : undefined}>
              {text}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  )
}
