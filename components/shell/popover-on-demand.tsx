'use client'

import Popover, { type PopoverProps } from '@cloudscape-design/components/popover'
import { type ComponentProps, type ReactNode, useEffect, useRef, useState } from 'react'

interface PopoverOnDemandProps extends Omit<ComponentProps<'button'>, 'content' | 'onClick' | 'type' | 'ref'> {
  header: string
  content: () => ReactNode
  size?: PopoverProps.Size
  position?: PopoverProps.Position
  /** What the button shows. */
  children: ReactNode
}

/**
 * A button that opens a popover, for lists of hundreds: until somebody presses it there is only the button, since a
 * popover costs as much as the rest of a row.
 */
export function PopoverOnDemand({ header, content, size, position, children, ...button }: PopoverOnDemandProps) {
  const [wanted, setWanted] = useState(false)
  const pressed = useRef(false)
  const trigger = useRef<HTMLButtonElement>(null)

  // The popover takes the button in; the press that asked for it is made again, and meets it.
  useEffect(() => {
    if (!wanted || pressed.current) return
    pressed.current = true
    trigger.current?.focus()
    trigger.current?.click()
  }, [wanted])

  const pressable = (
    <button
      {...button}
      type="button"
      ref={trigger}
      aria-haspopup="dialog"
      onClick={wanted ? undefined : () => setWanted(true)}
    >
      {children}
    </button>
  )
  if (!wanted) return pressable
  return (
    <Popover triggerType="custom" renderWithPortal size={size} position={position} header={header} content={content()}>
      {pressable}
    </Popover>
  )
}
