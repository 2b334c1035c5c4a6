# The policy of the key. It is plain data without a provider, so that it can be evaluated and checked without an account.

locals {
  root = "arn:${var.partition}:iam::${var.account}:root"

  administration = {
    Sid       = "Administration"
    Effect    = "Allow"
    Principal = { AWS = var.administrators }
    Action = [
      "kms:CancelKeyDeletion",
      "kms:DescribeKey",
      "kms:DisableKey",
      "kms:EnableKey",
      "kms:EnableKeyRotation",
      "kms:GetKeyPolicy",
      "kms:GetKeyRotationStatus",
      "kms:ListKeyPolicies",
      "kms:ListKeyRotations",
      "kms:ListResourceTags",
      "kms:PutKeyPolicy",
      "kms:RotateKeyOnDemand",
      "kms:ScheduleKeyDeletion",
      "kms:TagResource",
      "kms:UntagResource",
      "kms:UpdateAlias",
      "kms:CreateAlias",
      "kms:DeleteAlias",
      "kms:UpdateKeyDescription",
    ]
    Resource = "*" # in the policy of a key: this key
  }

  # Lets the policies of roles of this account give the right to decrypt, for objects of S3 alone. The account stands for
  # its roles: which of them may decrypt is in the module iam.
  delegation = {
    Sid       = "DecryptionOfObjects"
    Effect    = "Allow"
    Principal = { AWS = local.root }
    Action    = ["kms:Decrypt"]
    Resource  = "*"
    Condition = {
      StringEquals = {
        "kms:CallerAccount" = var.account
        "kms:ViaService"    = "s3.${var.region}.amazonaws.com"
      }
    }
  }

  encryption = {
    Sid       = "EncryptionOfObjects"
    Effect    = "Allow"
    Principal = { AWS = var.writers }
    Action    = ["kms:Decrypt", "kms:GenerateDataKey"] # the upload of an object in parts also decrypts
    Resource  = "*"
    Condition = {
      StringEquals = {
        "kms:CallerAccount" = var.account
        "kms:ViaService"    = "s3.${var.region}.amazonaws.com"
      }
    }
  }

  logging = {
    Sid       = "Logs"
    Effect    = "Allow"
    Principal = { Service = "logs.${var.region}.amazonaws.com" }
    Action = [
      "kms:Decrypt",
      "kms:DescribeKey",
      "kms:Encrypt",
      "kms:GenerateDataKey",
      "kms:GenerateDataKeyWithoutPlaintext",
      "kms:ReEncryptFrom",
      "kms:ReEncryptTo",
    ]
    Resource = "*"
    Condition = {
      # Has the account in it. CloudWatch sends KMS no aws:SourceAccount.
      ArnLike = {
        "kms:EncryptionContext:aws:logs:arn" = "arn:${var.partition}:logs:${var.region}:${var.account}:log-group:${coalesce(var.log_groups, "/none/")}*"
      }
    }
  }

  policy = {
    Version = "2012-10-17"
    Statement = concat(
      [local.administration],
      var.log_groups == null ? [local.delegation] : [],
      length(var.writers) > 0 ? [local.encryption] : [],
      var.log_groups == null ? [] : [local.logging],
    )
  }
}
