variable "account" {
  description = "The account that owns the key."
  type        = string
}

variable "partition" {
  description = "The partition of AWS."
  type        = string
}

variable "region" {
  description = "The region of the key."
  type        = string
}

variable "alias" {
  description = "The name of the key, without alias/."
  type        = string
}

variable "description" {
  description = "What the key encrypts."
  type        = string
}

variable "administrators" {
  description = "The ARNs of those who administer the key. They cannot decrypt with it."
  type        = list(string)
}

variable "writers" {
  description = "The ARNs of those who put objects encrypted with the key. With none the key is not for objects."
  type        = list(string)
  default     = []
}

variable "log_groups" {
  description = "The beginning of the names of the log groups that the key encrypts; null if it is not for logs."
  type        = string
  default     = null
}
