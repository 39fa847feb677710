# A replica key with its own policy, tags, alias and grant, in the Region of the provider it is given.

terraform {
  required_providers {
    aws = { source = "hashicorp/aws" }
  }
}

variable "region" { type = string }
variable "account" { type = string }
variable "role" { type = string }
variable "primary_arn" { type = string }

resource "aws_kms_replica_key" "orders" {
  primary_key_arn         = var.primary_arn
  description             = "orders in ${var.region}"
  deletion_window_in_days = 7
  tags                    = { team = "orders", Region = var.region }

  policy = jsonencode({
    Version   = "2012-10-17"
    Id        = "orders-${var.region}"
    Statement = [{ Effect = "Allow", Principal = { AWS = var.account }, Action = "kms:*", Resource = "*" }]
  })
}

resource "aws_kms_alias" "orders" {
  name          = "alias/orders"
  target_key_id = aws_kms_replica_key.orders.key_id
}

resource "aws_kms_grant" "orders" {
  key_id            = aws_kms_replica_key.orders.arn
  grantee_principal = var.role
  operations        = ["Decrypt"]
}
