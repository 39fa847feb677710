import styles from './keys-matrix.module.css'
import { MatrixMark } from './matrix-mark'
import type { Look } from './member-look'

const looks: Look[] = [
  { shape: 'primary', letter: 'P', word: 'primary key', says: '' },
  { shape: 'replica', letter: 'R', word: 'replica key', says: '' },
  { shape: 'disabled', letter: 'R', word: 'disabled', says: '' },
  { shape: 'pending', letter: 'R!', word: 'pending deletion or import', says: '' },
  { shape: 'moving', letter: 'R…', word: 'creating or updating', says: '' },
  { shape: 'unreadable', letter: 'R?', word: 'not readable now', says: '' },
]

/** What the shapes mean; P and R tell primary and replica keys apart in all of them. */
export const MatrixLegend = () => (
  <ul className={styles.legend} aria-label="Legend">
    {looks.map((look) => (
      <li key={look.shape}>
        <MatrixMark look={look} />
      </li>
    ))}
    <li>
      <span aria-hidden className={styles.plus} />
      <span>no key: select to replicate</span>
    </li>
  </ul>
)
