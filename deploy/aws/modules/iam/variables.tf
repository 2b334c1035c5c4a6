variable "account" {
  description = "The account that owns the buckets and the roles."
  type        = string
}

variable "partition" {
  description = "The partition of AWS."
  type        = string
}

variable "region" {
  description = "The region of the buckets."
  type        = string
}

variable "environment" {
  description = "Stands in the names of the roles."
  type        = string
}

variable "namespace" {
  description = "The Kubernetes namespace of the service accounts."
  type        = string
}

variable "cluster_oidc_provider" {
  description = "The issuer of the service accounts, without https://."
  type        = string
}

variable "routes" {
  description = "The buckets and prefixes from which the routes take their files."
  type = map(object({
    bucket = string
    prefix = string
  }))
}

variable "key_arn" {
  description = "The key that encrypts the objects."
  type        = string
}

variable "queue_arns" {
  description = "The queues that ingest-service reads."
  type        = list(string)
}
