locals {
  # Without routes there is no queue.
  queues = length(var.routes) > 0 ? { notifications = "waybill-${var.environment}-notifications" } : {}

  buckets = distinct([for route in values(var.routes) : route.bucket])

  # S3 refuses two notifications of one bucket whose prefixes overlap, so only the shorter one is left.
  prefixes = {
    for bucket in local.buckets : bucket => distinct([
      for route in values(var.routes) : route.prefix
      if route.bucket == bucket && alltrue([
        for other in values(var.routes) :
        other.bucket != bucket || other.prefix == route.prefix || !startswith(route.prefix, other.prefix)
      ])
    ])
  }

  policies = {
    for key, name in local.queues : key => {
      Version = "2012-10-17"
      Statement = [
        {
          Sid       = "Store"
          Effect    = "Allow"
          Principal = { Service = "s3.amazonaws.com" }
          Action    = ["sqs:SendMessage"]
          Resource  = "arn:${var.partition}:sqs:${var.region}:${var.account}:${name}"
          Condition = {
            StringEquals = { "aws:SourceAccount" = var.account }
            ArnEquals    = { "aws:SourceArn" = [for bucket in local.buckets : "arn:${var.partition}:s3:::${bucket}"] }
          }
        },
        {
          Sid       = "NothingWithoutTls"
          Effect    = "Deny"
          Principal = "*"
          Action    = ["sqs:SendMessage", "sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:ChangeMessageVisibility"]
          Resource  = "arn:${var.partition}:sqs:${var.region}:${var.account}:${name}"
          Condition = { Bool = { "aws:SecureTransport" = "false" } }
        },
      ]
    }
  }
}
