// The filter in a URL: one parameter a token, named by its property, in the order of the tokens.
//
//   ?region=eu-west-1&state=Disabled      a disabled key in eu-west-1
//   ?finding=!%3Dnone                     families with any finding
//   ?q=billing&alias=!:test&join=or       `billing` anywhere, or no alias that contains `test`
//
// A value begins with its operator (`=`, `!=`, `:`, `!:`). Without one it means `=`, for free text (`q`) `:`, so that
// plain links such as `?region=eu-west-1` work. `join=or` joins the tokens by or. Properties are those of `filter.ts`;
// other parameters, and properties without a value, are not the filter's and stay untouched.

import { type FilterOperator, type FilterQuery, type FilterToken, filterProperties, isFilterProperty } from './filter'

const FREE_TEXT = 'q'
const JOIN = 'join'

/** Longer operators first, or `!=` would never be found behind `!`. */
const prefixes: readonly FilterOperator[] = ['!=', '!:', '=', ':']

const plainOperator = (name: string): FilterOperator => (name === FREE_TEXT ? ':' : '=')

function tokenIn(name: string, text: string): FilterToken | null {
  const operator = prefixes.find((prefix) => text.startsWith(prefix))
  const value = operator === undefined ? text : text.slice(operator.length)
  if (value.trim() === '') return null
  const token = { operator: operator ?? plainOperator(name), value }
  if (name === FREE_TEXT) return token
  return isFilterProperty(name) ? { property: name, ...token } : null
}

export function readQuery(params: URLSearchParams): FilterQuery {
  return {
    join: params.get(JOIN) === 'or' ? 'or' : 'and',
    tokens: [...params].flatMap(([name, text]) => tokenIn(name, text) ?? []),
  }
}

/** The same parameters with this filter in place of the one they had. */
export function withQuery(params: URLSearchParams, { join, tokens }: FilterQuery): URLSearchParams {
  const next = new URLSearchParams(params)
  for (const name of [FREE_TEXT, JOIN, ...filterProperties.map(({ key }) => key)]) next.delete(name)
  for (const { property, operator, value } of tokens) {
    const name = property ?? FREE_TEXT
    const isPlain = operator === plainOperator(name) && !prefixes.some((prefix) => value.startsWith(prefix))
    next.append(name, isPlain ? value : `${operator}${value}`)
  }
  if (join === 'or' && tokens.length > 0) next.set(JOIN, 'or')
  return next
}
