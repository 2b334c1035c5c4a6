variable "account" {
  description = "The AWS account that owns the buckets, the keys and the roles."
  type        = string

  validation {
    condition     = can(regex("^[0-9]{12}$", var.account))
    error_message = "An account has 12 digits."
  }
}

variable "partition" {
  description = "The partition of AWS, as it stands in every ARN."
  type        = string
  default     = "aws"
}

variable "region" {
  description = "The region of the buckets; s3.region of waybill.yaml."
  type        = string
}

variable "environment" {
  description = "Stands in all names, so that one account can hold several environments."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,20}$", var.environment))
    error_message = "An environment has small letters, digits and hyphens."
  }
}

variable "routes" {
  description = "Where the routes of waybill.yaml take their files: routes.NAME.source.bucket and prefix."
  type = map(object({
    bucket = string
    prefix = string
  }))

  validation {
    condition     = alltrue([for route in values(var.routes) : can(regex("^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$", route.bucket))])
    error_message = "A bucket is named in full. A name has no wildcard."
  }

  validation {
    condition     = alltrue([for route in values(var.routes) : !can(regex("[*?$]", route.prefix))])
    error_message = "A prefix has no wildcard and no policy variable. A policy would take '*', '?' and '$' for one."
  }
}

variable "cluster_oidc_provider" {
  description = "The issuer of the cluster's service accounts, without https://."
  type        = string
}

variable "namespace" {
  description = "The Kubernetes namespace of Waybill."
  type        = string
}

variable "key_administrators" {
  description = "The ARNs of the roles that administer the keys. They cannot decrypt with them."
  type        = list(string)

  validation {
    condition     = length(var.key_administrators) > 0 && alltrue([for arn in var.key_administrators : !strcontains(arn, "*")])
    error_message = "A key needs administrators, each named in full."
  }
}

variable "writers" {
  description = "The ARNs of the roles that put objects into the buckets, and so encrypt with the key of the objects."
  type        = list(string)
  default     = []
}

variable "log_retention_days" {
  description = "How long CloudWatch keeps the logs."
  type        = number
  default     = 90
}

variable "queue" {
  description = "Whether the buckets notify a queue. It replaces every notification that they have."
  type        = bool
  default     = false
}
