# An example: copy it, and change every line. The routes are those of deploy/waybill.yaml.
account     = "123456789012"
region      = "eu-central-1"
environment = "production"
namespace   = "waybill"

cluster_oidc_provider = "oidc.eks.eu-central-1.amazonaws.com/id/EXAMPLED539D4633E53DE1B71EXAMPLE"

routes = {
  invoices = { bucket = "example-outbound", prefix = "invoices/" }
  prices   = { bucket = "example-outbound", prefix = "prices/" }
  orders   = { bucket = "example-inbound", prefix = "orders/" }
}

key_administrators = ["arn:aws:iam::123456789012:role/key-administrators"]
writers            = ["arn:aws:iam::123456789012:role/erp-export"]
log_retention_days = 90
queue              = true
