import { describe, expect, it } from 'vitest'
import type { Run } from '@/lib/plans/run'
import { filterIn, inOrder, matches, searchWith, sentenceOn } from './runs-filter'

const run = (part: Partial<Run> & { id: string }): Run => ({
  kind: 'replicate',
  title: 'Replicate alias/billing to eu-west-1',
  status: 'succeeded',
  actor: 'local operator',
  reason: 'Quarterly drill',
  createdAt: '2026-11-23T10:00:00.000Z',
  startedAt: null,
  endedAt: null,
  keyIds: ['mrk-1'],
  request: { kind: 'replicate' },
  undo: { sentence: 'None' },
  message: 'Done',
  secondsLeft: null,
  counts: {
    parts: { pending: 0, running: 0, waiting: 0, done: 1, failed: 0, skipped: 0 },
    steps: { all: 3, finished: 3 },
  },
  parts: [],
  steps: [],
  ...part,
})

const all = { text: '', status: null }

describe('inOrder', () => {
  it('puts runs in flight first, then the newest', () => {
    const runs = [
      run({ id: 'old', createdAt: '2026-11-20T00:00:00.000Z' }),
      run({ id: 'paused', status: 'paused', createdAt: '2026-11-19T00:00:00.000Z' }),
      run({ id: 'new', status: 'failed', createdAt: '2026-11-22T00:00:00.000Z' }),
    ]
    expect(inOrder(runs).map(({ id }) => id)).toEqual(['paused', 'new', 'old'])
  })
})

describe('matches', () => {
  it('looks into title, reason, actor, ids and further words, whatever the case', () => {
    const one = run({ id: 'r-77' })
    for (const text of ['BILLING', 'quarterly', 'operator', 'r-77', 'mrk-1', ' alias/sessions ']) {
      expect(matches(one, { text, status: null }, ['alias/sessions'])).toBe(true)
    }
    expect(matches(one, { text: 'us-west-2', status: null }, [])).toBe(false)
  })

  it('takes waiting and paused runs for runs in flight', () => {
    const status = 'in-flight'
    const found = (['waiting', 'paused', 'failed', 'aborted'] as const).map((each) =>
      matches(run({ id: 'r', status: each }), { text: '', status }, []),
    )
    expect(found).toEqual([true, true, false, false])
  })
})

describe('filterIn and searchWith', () => {
  it('keep a filter in the URL beside what is there', () => {
    const search = searchWith(new URLSearchParams('plan=x&q=old'), { text: 'a & b', status: 'in-flight' })
    expect(new URLSearchParams(search).get('plan')).toBe('x')
    expect(filterIn(new URLSearchParams(search))).toEqual({ text: 'a & b', status: 'in-flight' })
  })

  it('leave nothing behind without a filter', () => {
    expect(searchWith(new URLSearchParams('q=old&status=failed'), all)).toBe('')
  })

  it('take no status that does not exist', () => {
    expect(filterIn(new URLSearchParams('status=constructor'))).toEqual(all)
  })
})

describe('sentenceOn', () => {
  it('says what is at work, what waits for a person, and that the newest failed', () => {
    expect(sentenceOn([])).toBe('Nothing was changed from here yet.')
    expect(sentenceOn([run({ id: 'a' })])).toBe('No run is at work now.')
    expect(
      sentenceOn([
        run({ id: 'a', status: 'running' }),
        run({ id: 'b', status: 'paused' }),
        run({ id: 'c', status: 'failed', createdAt: '2026-11-24T00:00:00.000Z' }),
      ]),
    ).toBe('1 run is at work now, 1 waits for a person, the newest has failed: see what to do.')
  })
})
