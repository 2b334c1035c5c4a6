locals {
  services = toset([
    "audit-service", "ingest-service", "state-processor", "timeout-monitor", "transfer-worker",
  ])
}

module "objects_key" {
  source = "./modules/kms"

  account        = var.account
  partition      = var.partition
  region         = var.region
  alias          = "waybill-${var.environment}-objects"
  description    = "Encrypts the objects that Waybill delivers (${var.environment})."
  administrators = var.key_administrators
  writers        = var.writers
}

module "logs_key" {
  source = "./modules/kms"

  account        = var.account
  partition      = var.partition
  region         = var.region
  alias          = "waybill-${var.environment}-logs"
  description    = "Encrypts the logs of Waybill (${var.environment})."
  administrators = var.key_administrators
  log_groups     = "/waybill/${var.environment}/"
}

module "logs" {
  source = "./modules/logs"

  account        = var.account
  partition      = var.partition
  region         = var.region
  environment    = var.environment
  services       = local.services
  retention_days = var.log_retention_days
  key_arn        = module.logs_key.arn
}

module "queue" {
  source = "./modules/queue"

  account     = var.account
  partition   = var.partition
  region      = var.region
  environment = var.environment
  routes      = var.queue ? var.routes : {}
}

module "iam" {
  source = "./modules/iam"

  account               = var.account
  partition             = var.partition
  region                = var.region
  environment           = var.environment
  namespace             = var.namespace
  cluster_oidc_provider = var.cluster_oidc_provider
  routes                = var.routes
  key_arn               = module.objects_key.arn
  queue_arns            = module.queue.arns
}
