variable "account" {
  description = "The account of the log groups."
  type        = string
}

variable "partition" {
  description = "The partition of AWS."
  type        = string
}

variable "region" {
  description = "The region of the log groups."
  type        = string
}

variable "environment" {
  description = "Stands in the names of the log groups."
  type        = string
}

variable "services" {
  description = "The services, each of which has a log group."
  type        = set(string)
}

variable "retention_days" {
  description = "How long CloudWatch keeps the logs."
  type        = number
}

variable "key_arn" {
  description = "The key that encrypts the logs."
  type        = string
}
