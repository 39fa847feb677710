// Why a start ends: something the person who starts it can put right, in one sentence.

/** Without a sentence, a child has said it already. */
export class Refusal extends Error {
  override name = 'Refusal'

  constructor(sentence = '') {
    super(sentence)
  }
}
