output "names" {
  description = "The log group of each service."
  value       = { for service, group in aws_cloudwatch_log_group.service : service => group.name }
}

output "writer_policy" {
  description = "What the agent needs that ships the logs."
  value       = jsonencode(local.writer)
}
