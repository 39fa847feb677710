import styles from './matrix-mark.module.css'
import type { Look } from './member-look'

/** The shape of a member with its letter, and the word beside it. */
export const MatrixMark = ({ look: { shape, letter, word } }: { look: Look }) => (
  <>
    <span className={`${styles.mark} ${styles[shape]}`} data-letter={letter} aria-hidden />
    <span className={styles.word}>{word}</span>
  </>
)
