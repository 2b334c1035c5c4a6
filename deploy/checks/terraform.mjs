// Evaluates the Terraform modules of deploy/aws without a provider, an account or Terraform itself: variables, locals, calls
// of modules, and the attributes of resources. What only AWS knows, such as the id of a key, stands as <ADDRESS.ATTRIBUTE>.
import {createHash} from 'node:crypto'
import {readdirSync, readFileSync} from 'node:fs'
import {join} from 'node:path'
import * as hcl from '@cdktf/hcl2json'

const FUNCTIONS = {
  alltrue: (all) => all.every((one) => one === true),
  coalesce: (...all) => all.find((one) => one !== null && one !== ''),
  concat: (...all) => all.flat(),
  distinct: (all) => [...new Set(all)],
  jsonencode: (value) => JSON.stringify(value),
  keys: (map) => Object.keys(map).sort(),
  length: (some) => (Array.isArray(some) || typeof some === 'string' ? some : Object.keys(some)).length,
  startswith: (text, start) => text.startsWith(start),
  sha256: (text) => createHash('sha256').update(text).digest('hex'),
  strcontains: (text, part) => text.includes(part),
  substr: (text, from, count) => text.slice(from, from + count),
  toset: (all) => [...new Set(all)].sort(),
  values: (map) => Object.keys(map).sort().map((key) => map[key]),
}

// Copies of a directory differ in a line or two, and the parser takes its time.
const trees = new Map()
const parse = (text) => remembered(`file ${text}`, () => hcl.parse('module.tf', text))
const getExpressionAst = (text) => remembered(`expression ${text}`, () => hcl.getExpressionAst('expression', text))

function remembered(key, make) {
  if (!trees.has(key)) trees.set(key, make())
  return trees.get(key)
}

/** The attributes of every resource of the module in `directory` and of the modules that it calls. */
export async function evaluated(directory, variables) {
  const module = new Module(directory, '', await read(directory))
  await module.take(variables)
  return module.resources()
}

export async function variablesOf(file) {
  return parse(readFileSync(file, 'utf8'))
}

async function read(directory) {
  const all = {}
  for (const name of readdirSync(directory).filter((file) => file.endsWith('.tf')).sort()) {
    const parsed = await parse(readFileSync(join(directory, name), 'utf8'))
    for (const [kind, blocks] of Object.entries(parsed)) {
      all[kind] = Array.isArray(blocks) ? [...(all[kind] ?? []), ...blocks] : merged(all[kind] ?? {}, blocks)
    }
  }
  return all
}

function merged(one, other) {
  const sum = {...one}
  for (const [key, value] of Object.entries(other)) {
    sum[key] = !Array.isArray(value) && key in sum ? merged(sum[key], value) : value
  }
  return sum
}

class Module {
  constructor(directory, address, blocks) {
    Object.assign(this, {directory, address, blocks, known: new Map(), called: new Map()})
    this.locals = Object.assign({}, ...(blocks.locals ?? []))
  }

  /** Takes the values of the variables, as their declarations allow. */
  async take(values) {
    const declared = this.blocks.variable ?? {}
    for (const name of Object.keys(values)) {
      if (!(name in declared)) throw new Error(`${this.place()} has no variable ${name}`)
    }
    this.variables = {}
    for (const [name, [declaration]] of Object.entries(declared)) {
      if (!(name in values) && !('default' in declaration)) throw new Error(`${this.place()} needs ${name}`)
      this.variables[name] = name in values ? values[name] : await this.value(declaration.default, {})
    }
    for (const [name, [declaration]] of Object.entries(declared)) {
      for (const {condition, error_message: message} of declaration.validation ?? []) {
        if ((await this.value(condition, {})) !== true) throw new Error(`${name}: ${message}`)
      }
    }
  }

  place() {
    return this.address === '' ? 'the root module' : this.address.slice(0, -1)
  }

  async resources() {
    const all = []
    for (const [type, named] of Object.entries(this.blocks.resource ?? {})) {
      for (const [name, [body]] of Object.entries(named)) {
        for (const [index, each] of await this.instances(body)) {
          const {for_each: _, depends_on: __, dynamic = {}, ...attributes} = body
          all.push({
            type,
            address: `${this.address}${type}.${name}${index}`,
            ...(await this.value(attributes, {each})),
            ...(await this.blocksOf(dynamic, {each})),
          })
        }
      }
    }
    for (const name of Object.keys(this.blocks.module ?? {})) {
      all.push(...(await (await this.call(name)).resources()))
    }
    for (const name of Object.keys(this.blocks.output ?? {})) await this.output(name)
    return all
  }

  /** The blocks of a resource that come of a list. */
  async blocksOf(dynamic, scope) {
    const blocks = {}
    for (const [name, [{for_each: each, content: [content]}]] of Object.entries(dynamic)) {
      const entries = Object.entries(await this.value(each, scope))
      blocks[name] = await Promise.all(entries.map(([key, value]) => this.value(content, {...scope, [name]: {key, value}})))
    }
    return blocks
  }

  async instances(body) {
    if (!('for_each' in body)) return [['', undefined]]
    const each = await this.value(body.for_each, {})
    return Object.entries(each).map(([key, value]) => [`["${key}"]`, {key, value}])
  }

  async call(name) {
    if (!this.called.has(name)) {
      const [{source, ...values}] = this.blocks.module[name]
      const directory = join(this.directory, source)
      const module = new Module(directory, `${this.address}module.${name}.`, await read(directory))
      await module.take(await this.value(values, {}))
      this.called.set(name, module)
    }
    return this.called.get(name)
  }

  async output(name) {
    const [output] = this.blocks.output?.[name] ?? []
    if (output === undefined) throw new Error(`${this.place()} has no output ${name}`)
    return this.value(output.value, {})
  }

  /** The value of what hcl2json gives: plain JSON whose texts may hold expressions. */
  async value(json, scope) {
    if (Array.isArray(json)) return Promise.all(json.map((one) => this.value(one, scope)))
    if (json !== null && typeof json === 'object') {
      const entries = Object.entries(json).map(async ([key, one]) => [await this.value(key, scope), await this.value(one, scope)])
      return Object.fromEntries(await Promise.all(entries))
    }
    return typeof json === 'string' && json.includes('${') ? this.expression(await ast(json), scope) : json
  }

  async expression({type, meta, children}, scope) {
    const at = (index, inner = scope) => this.expression(children[index], inner)
    switch (type) {
      case 'templateWrap': case 'parentheses': case '': return at(0)
      case 'template': return (await Promise.all(children.map((_, index) => at(index)))).join('')
      case 'literalValue': return literal(meta)
      case 'scopeTraversal': return this.reference(meta.traversal.map(({segment}) => segment), scope)
      case 'tuple': return Promise.all(children.map((_, index) => at(index)))
      case 'object': return this.object(children, scope)
      case 'conditional': return (await at(0)) ? at(1) : at(2)
      case 'index': return part(await at(0), await at(1), meta.value)
      case 'relativeTraversal': return inside(await at(0), meta.traversal.map(({segment}) => segment), meta.value)
      case 'for': return this.loop(meta, children, scope)
      case 'function': return this.apply(meta, children, scope)
      case 'unaryOp': return meta.operator === 'logicalNot' ? !(await at(0)) : unknown(type, meta)
      case 'binaryOp': return operate(meta, await at(0), await at(1))
      default: return unknown(type, meta)
    }
  }

  async object(children, scope) {
    const result = {}
    for (let i = 0; i < children.length; i += 2) {
      const name = children[i].name ?? (await this.expression(children[i], scope))
      result[name] = await this.expression(children[i + 1], scope)
    }
    return result
  }

  async loop({keyVar, valVar, openRangeValue, keyExpression, conditionalExpression}, children, scope) {
    const result = []
    for (const [key, value] of Object.entries(await this.expression(children[0], scope))) {
      const inner = {...scope, ...(keyVar ? {[keyVar]: key} : {}), [valVar]: value}
      const at = (index) => this.expression(children[index], inner)
      const first = keyExpression === undefined ? 1 : 2
      if (conditionalExpression !== undefined && !(await at(first + 1))) continue
      result.push(keyExpression === undefined ? await at(first) : [await at(1), await at(first)])
    }
    return openRangeValue === '{' ? Object.fromEntries(result) : result
  }

  async apply({name}, children, scope) {
    const argument = (index) => this.expression(children[index], scope)
    if (name === 'can') return argument(0).then(() => true, () => false)
    if (name === 'regex') return found(await argument(0), await argument(1))
    if (!(name in FUNCTIONS)) throw new Error(`the function ${name} is not known to this check`)
    return FUNCTIONS[name](...(await Promise.all(children.map((_, index) => argument(index)))))
  }

  async reference([head, ...path], scope) {
    if (head in scope) return path.reduce((value, key) => part(value, key, [head, ...path].join('.')), scope[head])
    const full = [head, ...path].join('.')
    if (head === 'var') return inside(this.variables, path, full)
    if (head === 'local') return inside({[path[0]]: await this.local(path[0])}, path, full)
    if (head === 'module' && path[0] in (this.blocks.module ?? {})) return (await this.call(path[0])).output(path[1])
    if (path[0] in (this.blocks.resource?.[head] ?? {})) return this.resource(head, path, full)
    throw new Error(`${this.place()} has no ${full}`)
  }

  async resource(type, [name, ...path], full) {
    if (path.length > 0) return `<${this.address}${full}>`
    const instances = await this.instances(this.blocks.resource[type][name][0])
    return Object.fromEntries(instances.map(([index, each]) => [each.key, new Proxy({}, {
      get: (_, attribute) => `<${this.address}${type}.${name}${index}.${String(attribute)}>`,
      has: () => true,
    })]))
  }

  async local(name) {
    if (!(name in this.locals)) throw new Error(`${this.place()} has no local.${name}`)
    if (!this.known.has(name)) this.known.set(name, await this.value(this.locals[name], {}))
    return this.known.get(name)
  }
}

/** The tree of an expression. An expression alone keeps its type; one within a text makes a text. */
async function ast(text) {
  const alone = /^\$\{([^]*)\}$/.exec(text)
  if (alone !== null) {
    try {
      return named(await getExpressionAst(`(${alone[1]})`), `(${alone[1]})`)
    } catch {
      // Two expressions one after the other also begin and end like this.
    }
  }
  const quoted = `"${text}"`
  return named(await getExpressionAst(quoted), quoted)
}

/** Gives bare keys of objects, of which the tree has only the place, their names. */
function named(node, text) {
  const bytes = Buffer.from(text)
  for (const child of node.children) {
    if (child.type === '' && child.children.length === 0) {
      child.name = /^[\w-]+/.exec(bytes.subarray(child.range.start.byte).toString())[0]
    }
    named(child, text)
  }
  return node
}

function literal({type, value}) {
  if (type === 'number') return Number(value)
  if (type === 'bool') return value === 'true'
  return type === 'string' ? value : null
}

function inside(values, path, full) {
  return path.reduce((value, key) => part(value, key, full), values)
}

function part(value, key, full) {
  if (value === null || typeof value !== 'object' || !(key in value)) throw new Error(`there is no ${full}`)
  return value[key]
}

function found(pattern, text) {
  const match = new RegExp(pattern).exec(text)
  if (match === null) throw new Error(`'${text}' does not match ${pattern}`)
  return match[0]
}

function operate({operator, ...meta}, left, right) {
  switch (operator) {
    case 'equal': return left === right
    case 'notEqual': return left !== right
    case 'greaterThan': return left > right
    case 'logicalAnd': return left && right
    case 'logicalOr': return left || right
    default: return unknown(operator, meta)
  }
}

function unknown(what, meta) {
  throw new Error(`${what} is not known to this check: ${meta?.value}`)
}
