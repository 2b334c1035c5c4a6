resource "aws_cloudwatch_log_group" "service" {
  for_each = local.names

  name              = each.value
  retention_in_days = var.retention_days
  kms_key_id        = var.key_arn
}
