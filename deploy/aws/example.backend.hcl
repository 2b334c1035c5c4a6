bucket = "example-terraform-state"
key    = "waybill/production.tfstate"
region = "eu-central-1"
