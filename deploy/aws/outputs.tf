output "objects_key_arn" {
  description = "The key of the buckets' default encryption."
  value       = module.objects_key.arn
}

output "role_arns" {
  description = "For the annotation eks.amazonaws.com/role-arn of the service accounts."
  value       = module.iam.role_arns
}

output "log_groups" {
  description = "For the agent that ships the logs of the pods."
  value       = module.logs.names
}

output "log_writer_policy" {
  description = "The right of that agent. Attach it to the agent's own role."
  value       = module.logs.writer_policy
}

output "queue_urls" {
  description = "For sources.NAME.queue of waybill.yaml."
  value       = module.queue.urls
}
