# What each service may do. The documents are plain data without a provider, so that they can be evaluated and checked
# without an account. state-processor, timeout-monitor and audit-service ask nothing of AWS, and have no role.

locals {
  buckets = distinct([for route in values(var.routes) : route.bucket])

  objects = distinct([
    for route in values(var.routes) : "arn:${var.partition}:s3:::${route.bucket}/${route.prefix}*"
  ])

  bucket_arns = [for bucket in local.buckets : "arn:${var.partition}:s3:::${bucket}"]

  # One statement for each bucket: a prefix of one bucket says nothing about another bucket.
  listing = [
    for bucket in local.buckets : {
      Sid      = "List${substr(sha256(bucket), 0, 12)}"
      Effect   = "Allow"
      Action   = ["s3:ListBucket"]
      Resource = "arn:${var.partition}:s3:::${bucket}"
      Condition = {
        StringEquals = { "aws:ResourceAccount" = var.account }
        # HeadBucket, and the answer 404 for an object that is gone, come without a prefix.
        StringLikeIfExists = {
          "s3:prefix" = distinct([for route in values(var.routes) : "${route.prefix}*" if route.bucket == bucket])
        }
      }
    }
  ]

  # HeadObject is the same right as GetObject: S3 has none for the description of an object alone.
  reading = {
    Sid      = "Objects"
    Effect   = "Allow"
    Action   = ["s3:GetObject", "s3:GetObjectVersion"]
    Resource = local.objects
    Condition = {
      StringEquals = { "aws:ResourceAccount" = var.account }
    }
  }

  # S3 names the object as the context of the encryption, or its bucket if the bucket has a bucket key.
  decrypting = {
    Sid      = "Decrypt"
    Effect   = "Allow"
    Action   = ["kms:Decrypt"]
    Resource = var.key_arn
    Condition = {
      StringEquals = { "kms:ViaService" = "s3.${var.region}.amazonaws.com" }
      StringLike   = { "kms:EncryptionContext:aws:s3:arn" = concat(local.bucket_arns, local.objects) }
    }
  }

  # A queue's own policy denies requests without TLS.
  consuming = [
    for arn in var.queue_arns : {
      Sid      = "Queue"
      Effect   = "Allow"
      Action   = ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:ChangeMessageVisibility"]
      Resource = arn
    }
  ]

  encrypted_lines = {
    Sid       = "NothingWithoutTls"
    Effect    = "Deny"
    Action    = ["s3:GetObject", "s3:GetObjectVersion", "s3:ListBucket"]
    Resource  = concat(local.bucket_arns, local.objects)
    Condition = { Bool = { "aws:SecureTransport" = "false" } }
  }

  documents = {
    "ingest-service" = {
      Version   = "2012-10-17"
      Statement = concat(local.listing, [local.reading, local.decrypting, local.encrypted_lines], local.consuming)
    }
    "transfer-worker" = {
      Version   = "2012-10-17"
      Statement = concat(local.listing, [local.reading, local.decrypting, local.encrypted_lines])
    }
  }

  # Only the service account of the service takes the role, and only with a token that was made for AWS.
  trust = {
    for service in keys(local.documents) : service => {
      Version = "2012-10-17"
      Statement = [{
        Sid       = "ServiceAccount"
        Effect    = "Allow"
        Principal = { Federated = "arn:${var.partition}:iam::${var.account}:oidc-provider/${var.cluster_oidc_provider}" }
        Action    = ["sts:AssumeRoleWithWebIdentity"]
        Condition = {
          StringEquals = {
            "${var.cluster_oidc_provider}:aud" = "sts.amazonaws.com"
            "${var.cluster_oidc_provider}:sub" = "system:serviceaccount:${var.namespace}:waybill-${service}"
          }
        }
      }]
    }
  }
}
