import { door, refuse } from '@/app/api/door'

/** A script that mistypes a door is answered as by any other, not with a page. */
const nowhere = door((request) =>
  refuse({ code: 'not-found', message: `There is no door ${new URL(request.url).pathname}` }),
)

export { nowhere as DELETE, nowhere as GET, nowhere as PATCH, nowhere as POST, nowhere as PUT }
