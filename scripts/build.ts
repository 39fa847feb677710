// `npm run build`: the same build that `npm start` makes when it is needed.

import { buildWhenNeeded } from './start/build.ts'
import { endChildren } from './start/children.ts'
import { whenToldToEnd } from './start/end-when-told.ts'
import { Refusal } from './start/refusal.ts'

whenToldToEnd(() => void endChildren().then(() => process.exit(1)))

try {
  await buildWhenNeeded()
} catch (error) {
  console.error(error instanceof Refusal ? error.message : error)
  process.exitCode = 1
}
