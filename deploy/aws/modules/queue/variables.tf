variable "account" {
  description = "The account of the queue and the buckets."
  type        = string
}

variable "partition" {
  description = "The partition of AWS."
  type        = string
}

variable "region" {
  description = "The region of the queue and the buckets."
  type        = string
}

variable "environment" {
  description = "Stands in the name of the queue."
  type        = string
}

variable "routes" {
  description = "The routes whose buckets notify the queue. Without one there is no queue."
  type = map(object({
    bucket = string
    prefix = string
  }))
}
