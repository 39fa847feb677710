'use client'

import Box from '@cloudscape-design/components/box'
import Input, { type InputProps } from '@cloudscape-design/components/input'
import Modal from '@cloudscape-design/components/modal'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { useRouter } from 'next/navigation'
import { type RefObject, useEffect, useId, useMemo, useRef, useState } from 'react'
import { useOpenPlan } from '@/components/plans/open-plan'
import { useRefreshTopology, useTopology } from '@/lib/queries/topology'
import { chooseScheme, currentScheme } from './colour-scheme'
import styles from './command-palette.module.css'
import { type Deed, findCommands } from './find-commands'

/** Find a key, or do something: one field, everything by keyboard. Mounted only while it is open. */
export function CommandPalette({ onClose }: { onClose: () => void }) {
  const router = useRouter()
  const openPlan = useOpenPlan()
  const refresh = useRefreshTopology()
  const { data } = useTopology()
  const [text, setText] = useState('')
  const [chosen, setChosen] = useState(0)
  const field = useRef<InputProps.Ref>(null)
  const list = useRef<HTMLDivElement>(null)
  const id = useId()
  const { commands, more } = useMemo(() => findCommands(text, data?.families ?? []), [text, data])
  const active = Math.min(chosen, commands.length - 1)
  const optionId = (index: number) => `${id}-${index}`

  useEffect(() => {
    list.current?.querySelector(`[data-index="${active}"]`)?.scrollIntoView({ block: 'nearest' })
  }, [active])

  const perform = (deed: Deed) => {
    onClose()
    if (deed.does === 'go') router.push(deed.href)
    if (deed.does === 'plan') openPlan(deed.request)
    if (deed.does === 'refresh') refresh.mutate()
    if (deed.does === 'turn scheme') chooseScheme(currentScheme() === 'dark' ? 'light' : 'dark')
  }

  const onKeyDown: InputProps['onKeyDown'] = (event) => {
    const { key } = event.detail
    if (key === 'ArrowDown' || key === 'ArrowUp') {
      event.preventDefault()
      const step = key === 'ArrowDown' ? 1 : -1
      setChosen((active + step + commands.length) % Math.max(1, commands.length))
    }
    const command = commands[active]
    if (key === 'Enter' && command) {
      event.preventDefault()
      perform(command.deed)
    }
  }

  return (
    <Modal visible onDismiss={onClose} header="Find a key, or do something" closeAriaLabel="Close">
      <SpaceBetween size="s">
        <FocusWhenShown field={field} />
        <Input
          ref={field}
          type="search"
          value={text}
          placeholder="Alias, key id, screen or action"
          ariaLabel="Find a key, or do something"
          disableBrowserAutocorrect
          onChange={({ detail }) => {
            setText(detail.value)
            setChosen(0)
          }}
          onKeyDown={onKeyDown}
          nativeInputAttributes={{
            role: 'combobox',
            'aria-expanded': true,
            'aria-controls': `${id}-list`,
            'aria-autocomplete': 'list',
            'aria-activedescendant': commands.length > 0 ? optionId(active) : undefined,
          }}
        />
        <div ref={list} id={`${id}-list`} role="listbox" aria-label="Matches" className={styles.list}>
          {commands.map((command, index) => (
            // biome-ignore lint/a11y/useKeyWithClickEvents: the field above holds the focus and the keys.
            <div
              key={command.id}
              id={optionId(index)}
              data-index={index}
              role="option"
              tabIndex={-1}
              aria-selected={index === active}
              className={styles.option}
              onClick={() => perform(command.deed)}
              onMouseMove={() => setChosen(index)}
            >
              <span className={styles.text}>{command.text}</span>
              <span className={styles.hint}>{command.hint}</span>
              <span className={styles.group}>{command.group}</span>
            </div>
          ))}
        </div>
        <Box color="text-body-secondary" fontSize="body-s">
          <span role="status">
            {commands.length === 0 ? 'Nothing has this name.' : null}
            {more > 0 ? `${more.toLocaleString('en-US')} more families match: type more of the name.` : null}
          </span>{' '}
          Arrow keys choose, Enter opens. “replicate” or “promote” with a name opens its plan.
        </Box>
      </SpaceBetween>
    </Modal>
  )
}

/** A dialog puts the focus on its first control when its content appears; one frame later the field takes it. */
function FocusWhenShown({ field }: { field: RefObject<InputProps.Ref | null> }) {
  useEffect(() => {
    const frame = requestAnimationFrame(() => field.current?.focus())
    return () => cancelAnimationFrame(frame)
  }, [field])
  return null
}
