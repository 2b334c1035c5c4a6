resource "aws_iam_role" "service" {
  for_each = local.documents

  name                 = "waybill-${var.environment}-${each.key}"
  description          = "The ${each.key} of Waybill."
  assume_role_policy   = jsonencode(local.trust[each.key])
  max_session_duration = 3600
}

resource "aws_iam_role_policy" "service" {
  for_each = local.documents

  name   = each.key
  role   = aws_iam_role.service[each.key].id
  policy = jsonencode(each.value)
}
