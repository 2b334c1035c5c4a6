locals {
  names = { for service in var.services : service => "/waybill/${var.environment}/${service}" }

  groups = [
    for name in values(local.names) : "arn:${var.partition}:logs:${var.region}:${var.account}:log-group:${name}"
  ]

  # For the agent that ships the logs of the pods. No service of Waybill writes to CloudWatch itself.
  writer = {
    Version = "2012-10-17"
    Statement = [
      {
        Sid      = "Streams"
        Effect   = "Allow"
        Action   = ["logs:CreateLogStream", "logs:DescribeLogStreams"]
        Resource = [for group in local.groups : "${group}:*"]
      },
      {
        Sid      = "Lines"
        Effect   = "Allow"
        Action   = ["logs:PutLogEvents"]
        Resource = [for group in local.groups : "${group}:log-stream:*"]
      },
    ]
  }
}
