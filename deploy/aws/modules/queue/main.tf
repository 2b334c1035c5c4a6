# Messages that nobody could take to Kafka end here, and not in a circle.
resource "aws_sqs_queue" "dead" {
  for_each = local.queues

  name                      = "${each.value}-dead"
  message_retention_seconds = 1209600
  sqs_managed_sse_enabled   = true
}

resource "aws_sqs_queue" "this" {
  for_each = local.queues

  name                       = each.value
  message_retention_seconds  = 1209600
  visibility_timeout_seconds = 120
  receive_wait_time_seconds  = 20
  sqs_managed_sse_enabled    = true
  redrive_policy = jsonencode({
    deadLetterTargetArn = aws_sqs_queue.dead[each.key].arn
    # An outage of Kafka costs none: ingest-service hides the messages meanwhile. A crash costs one.
    maxReceiveCount = 20
  })
}

resource "aws_sqs_queue_policy" "this" {
  for_each = local.queues

  queue_url = aws_sqs_queue.this[each.key].id
  policy    = jsonencode(local.policies[each.key])
}

# It replaces every notification that the bucket has.
resource "aws_s3_bucket_notification" "this" {
  for_each = local.prefixes

  bucket = each.key

  dynamic "queue" {
    for_each = each.value
    content {
      queue_arn     = aws_sqs_queue.this["notifications"].arn
      events        = ["s3:ObjectCreated:*", "s3:ObjectRestore:Completed"]
      filter_prefix = queue.value
    }
  }

  # S3 sends a test message at once, which the policy must allow.
  depends_on = [aws_sqs_queue_policy.this]
}
