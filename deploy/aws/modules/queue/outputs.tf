output "urls" {
  description = "For sources.NAME.queue of waybill.yaml."
  value       = [for queue in values(aws_sqs_queue.this) : queue.id]
}

output "arns" {
  description = "What ingest-service reads."
  value       = [for name in values(local.queues) : "arn:${var.partition}:sqs:${var.region}:${var.account}:${name}"]
}
