// Says what is wrong with the Terraform modules of deploy/aws: node aws.mjs DIRECTORY...
// It evaluates each DIRECTORY with its example.tfvars and reads the policies that come of it. A line for each fault, which
// begins with the directory; exit code 1 if there is one. --routes prints the routes of the example, --policies the policies.
import {evaluated, variablesOf} from './terraform.mjs'

const READERS = ['ingest-service', 'transfer-worker']
const OF_OBJECTS = ['s3:GetObject', 's3:GetObjectVersion']
const RIGHTS = [...OF_OBJECTS, 's3:ListBucket', 'kms:Decrypt']
const OF_QUEUE = ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:ChangeMessageVisibility']
const EVENTS = ['s3:ObjectCreated:*', 's3:ObjectRestore:Completed']
const ACTION = /^[a-z0-9-]+:[A-Za-z0-9]+$/

const list = (one) => (one === undefined ? [] : Array.isArray(one) ? one : [one])
const same = (some, others) => JSON.stringify([...new Set(some)].sort()) === JSON.stringify([...new Set(others)].sort())
const condition = (statement, operator, key) => list(statement.Condition?.[operator]?.[key])
const allowing = (document, ...actions) =>
  document.Statement.filter(({Effect, Action}) => Effect === 'Allow' && list(Action).some((one) => actions.includes(one)))

class Check {
  constructor(variables, resources) {
    Object.assign(this, {variables, resources, faults: []})
    this.policies = resources.flatMap(({address, type, name, ...attributes}) =>
      ['policy', 'assume_role_policy'].filter((attribute) => attribute in attributes).map((attribute) =>
        ({address, type, service: name, attribute, document: JSON.parse(attributes[attribute])})))
    this.routes = Object.values(variables.routes)
    this.buckets = [...new Set(this.routes.map(({bucket}) => this.arn(bucket)))]
    this.objects = this.routes.map(({bucket, prefix}) => `${this.arn(bucket)}/${prefix}*`)
  }

  arn(bucket) {
    return `arn:${this.variables.partition ?? 'aws'}:s3:::${bucket}`
  }

  demand(holds, address, fault) {
    if (!holds) this.faults.push(`${address}: ${fault}`)
  }

  run() {
    this.policies.forEach((policy) => policy.document.Statement.forEach((statement) => this.statement(policy, statement)))
    const ofRoles = this.policies.filter(({type}) => type === 'aws_iam_role_policy')
    this.demand(same(ofRoles.map(({service}) => service), READERS), 'roles', `only ${READERS} have rights`)
    ofRoles.forEach((policy) => this.reader(policy))
    this.policies.filter(({attribute}) => attribute === 'assume_role_policy').forEach((policy) => this.trust(policy))
    this.resources.filter(({type}) => type === 'aws_kms_key').forEach((key) => this.key(key))
    this.resources.filter(({type}) => type === 'aws_cloudwatch_log_group').forEach((group) => this.logGroup(group))
    this.queues()
    return this.faults
  }

  /** What holds for each statement of each policy, whatever it is for. */
  statement({address, type}, statement) {
    const actions = list(statement.Action)
    this.demand(actions.length > 0 && actions.every((one) => ACTION.test(one)), address, `an action is no full name: ${actions}`)
    for (const inverse of ['NotAction', 'NotResource', 'NotPrincipal']) {
      this.demand(!(inverse in statement), address, `${inverse} gives what nobody has named`)
    }
    const everything = list(statement.Resource).includes('*')
    this.demand(!everything || type === 'aws_kms_key', address, 'a resource is not named')
    const principals = Object.values(statement.Principal ?? {}).flatMap(list)
    const anybody = statement.Principal === '*' || principals.some((one) => one.includes('*'))
    this.demand(!anybody || statement.Effect === 'Deny', address, 'a principal is not named')
    list(statement.Principal?.Service).forEach((service) => this.service(address, service, statement))
  }

  /** A service of AWS acts for anybody's resources, so the policy says whose. */
  service(address, service, statement) {
    const account = condition(statement, 'StringEquals', 'aws:SourceAccount')
    const context = Object.values(statement.Condition?.ArnLike ?? {}).flatMap(list)
    const ours = same(account, [this.variables.account])
      || context.length > 0 && context.every((one) => one.includes(`:${this.variables.account}:`))
    this.demand(ours, address, `${service} may act for other accounts`)
    if (service !== 's3.amazonaws.com') return
    const senders = ['ArnEquals', 'ArnLike', 'StringEquals'].flatMap((operator) => condition(statement, operator, 'aws:SourceArn'))
    const named = senders.length > 0 && senders.every((one) => this.buckets.includes(one))
    this.demand(named, address, `buckets may send that no route names: ${senders}`)
  }

  reader({address, service, document}) {
    const actions = allowing(document, ...document.Statement.flatMap(({Action}) => list(Action))).flatMap(({Action}) => list(Action))
    const queues = service === 'ingest-service' ? this.ofType('aws_sqs_queue').filter((one) => 'redrive_policy' in one) : []
    const rights = queues.length > 0 ? [...RIGHTS, ...OF_QUEUE] : RIGHTS
    this.demand(same(actions, rights), address, `the rights are not ${rights}: ${actions}`)
    const read = allowing(document, ...OF_QUEUE).flatMap(({Resource}) => list(Resource))
    this.demand(same(read, queues.map(({name}) => this.queueArn(name))), address, `it reads other queues: ${read}`)
    const objects = allowing(document, ...OF_OBJECTS)
    this.demand(same(objects.flatMap(({Resource}) => list(Resource)), this.objects), address, 'the objects are not those of the routes')
    const ofStore = [...objects, ...allowing(document, 's3:ListBucket')]
    this.demand(
      ofStore.every((one) => same(condition(one, 'StringEquals', 'aws:ResourceAccount'), [this.variables.account])),
      address, 'a bucket of another account may have the name')
    this.listing(address, allowing(document, 's3:ListBucket'))
    this.decryption(address, allowing(document, 'kms:Decrypt'))
    const denied = document.Statement.filter((one) => one.Effect === 'Deny' && condition(one, 'Bool', 'aws:SecureTransport')[0] === 'false')
    const covers = ['s3:ListBucket', ...OF_OBJECTS].every((action) => denied.some(({Action}) => list(Action).includes(action)))
      && same(denied.flatMap(({Resource}) => list(Resource)), [...this.buckets, ...this.objects])
    this.demand(covers, address, 'requests without TLS are not denied')
  }

  listing(address, statements) {
    this.demand(same(statements.flatMap(({Resource}) => list(Resource)), this.buckets), address, 'the buckets are not those of the routes')
    for (const statement of statements) {
      const [bucket, ...more] = list(statement.Resource)
      const wanted = this.routes.filter((route) => this.arn(route.bucket) === bucket).map(({prefix}) => `${prefix}*`)
      const given = condition(statement, 'StringLikeIfExists', 's3:prefix')
      this.demand(more.length === 0 && same(given, wanted), address, `the prefixes of ${bucket} are not those of its routes: ${given}`)
    }
  }

  decryption(address, statements) {
    const key = '<module.objects_key.aws_kms_key.this.arn>'
    for (const statement of statements) {
      this.demand(same(list(statement.Resource), [key]), address, 'it decrypts with another key than that of the objects')
      this.demand(this.byStore(statement), address, 'it decrypts what does not come from S3')
      const context = condition(statement, 'StringLike', 'kms:EncryptionContext:aws:s3:arn')
      this.demand(same(context, [...this.buckets, ...this.objects]), address, 'it decrypts objects of no route')
    }
  }

  byStore(statement) {
    return same(condition(statement, 'StringEquals', 'kms:ViaService'), [`s3.${this.variables.region}.amazonaws.com`])
  }

  trust({address, document}) {
    const service = /\["([a-z-]+)"]$/.exec(address)?.[1]
    const {cluster_oidc_provider: issuer, namespace} = this.variables
    for (const statement of document.Statement) {
      const fits = same(condition(statement, 'StringEquals', `${issuer}:aud`), ['sts.amazonaws.com'])
        && same(condition(statement, 'StringEquals', `${issuer}:sub`), [`system:serviceaccount:${namespace}:waybill-${service}`])
      this.demand(fits, address, 'other service accounts may take the role')
    }
  }

  key({address, policy, enable_key_rotation: rotates, deletion_window_in_days: days}) {
    this.demand(rotates === true, address, 'the key does not rotate')
    this.demand(days === 30, address, 'somebody has less than 30 days to take a deletion back')
    for (const statement of allowing(JSON.parse(policy), 'kms:Decrypt', 'kms:GenerateDataKey', 'kms:Encrypt')) {
      const ofLogs = list(statement.Principal?.Service).length > 0
      this.demand(ofLogs || this.byStore(statement), address, `${statement.Sid}: who administers or shares the key reads what it encrypts`)
    }
  }

  ofType(wanted) {
    return this.resources.filter(({type}) => type === wanted)
  }

  queueArn(name) {
    const {partition = 'aws', region, account} = this.variables
    return `arn:${partition}:sqs:${region}:${account}:${name}`
  }

  /** The queue of notifications, and which objects the buckets tell it of. */
  queues() {
    const queues = this.ofType('aws_sqs_queue')
    for (const {address, sqs_managed_sse_enabled: encrypted, message_retention_seconds: kept} of queues) {
      this.demand(encrypted === true, address, 'its messages are not encrypted')
      this.demand(kept === 1209600, address, 'its messages are not kept for 14 days')
    }
    const read = queues.filter((one) => 'redrive_policy' in one)
    this.demand(queues.length === 2 * read.length, 'queues', 'a queue has no dead-letter queue, or there is one too many')
    for (const {address, bucket, queue = []} of this.ofType('aws_s3_bucket_notification')) {
      const prefixes = this.routes.filter((route) => route.bucket === bucket).map(({prefix}) => prefix)
      const wanted = prefixes.filter((one) => !prefixes.some((other) => other !== one && one.startsWith(other)))
      const given = queue.map(({filter_prefix: prefix}) => prefix)
      this.demand(same(given, wanted), address, `it notifies of other prefixes than those of the routes: ${given}`)
      this.demand(queue.every(({events}) => same(events, EVENTS)), address, 'it notifies of other events than arrivals')
    }
  }

  logGroup({address, kms_key_id: key, retention_in_days: days}) {
    this.demand(key === '<module.logs_key.aws_kms_key.this.arn>', address, 'the logs are not encrypted with the key of the logs')
    this.demand(days > 0, address, 'the logs are kept for ever')
  }
}

async function checked(directory) {
  const variables = await variablesOf(`${directory}/example.tfvars`)
  return new Check(variables, await evaluated(directory, variables))
}

const [first, ...rest] = process.argv.slice(2)
if (first === '--routes') {
  console.log(JSON.stringify((await variablesOf(`${rest[0]}/example.tfvars`)).routes))
} else if (first === '--policies') {
  console.log(JSON.stringify((await checked(rest[0])).policies))
} else {
  for (const directory of [first, ...rest]) {
    const faults = await checked(directory).then((check) => check.run(), (error) => [error.message])
    for (const fault of faults) console.log(`${directory}: ${fault}`)
    if (faults.length > 0) process.exitCode = 1
  }
}
