# A family as a team would keep it: a primary key in us-east-1 and three replica keys, each with a policy, tags, an alias
# and a grant of its own; and a second family of imported key material. The provider configurations are those of the
# README; the test writes them into a file beside this one.

terraform {
  required_providers {
    aws = { source = "hashicorp/aws" }
  }
}

data "aws_caller_identity" "current" {}

locals {
  account = "arn:aws:iam::${data.aws_caller_identity.current.account_id}:root"
  role    = "arn:aws:iam::${data.aws_caller_identity.current.account_id}:role/orders"
}

resource "aws_kms_key" "orders" {
  description             = "orders"
  multi_region            = true
  enable_key_rotation     = true
  rotation_period_in_days = 180
  deletion_window_in_days = 7
  tags                    = { team = "orders", Stage = "test", cost = "" }

  policy = jsonencode({
    Version = "2012-10-17"
    Id      = "orders"
    Statement = [
      { Sid = "Owner", Effect = "Allow", Principal = { AWS = local.account }, Action = "kms:*", Resource = "*" },
      {
        Sid       = "Anyone here"
        Effect    = "Allow"
        Principal = { AWS = "*" }
        Action    = ["kms:Encrypt", "kms:Decrypt", "kms:GenerateDataKey*"]
        Resource  = "*"
        Condition = { StringEquals = { "kms:CallerAccount" = data.aws_caller_identity.current.account_id } }
      },
    ]
  })
}

resource "aws_kms_alias" "orders" {
  name          = "alias/orders"
  target_key_id = aws_kms_key.orders.key_id
}

resource "aws_kms_grant" "orders" {
  name               = "orders"
  key_id             = aws_kms_key.orders.key_id
  grantee_principal  = local.role
  retiring_principal = local.role
  operations         = ["Encrypt", "Decrypt", "GenerateDataKey"]
  retire_on_delete   = true

  constraints {
    encryption_context_equals = { team = "orders" }
  }
}

module "eu-west-1" {
  source      = "./replica"
  providers   = { aws = aws.eu-west-1 }
  region      = "eu-west-1"
  account     = local.account
  role        = local.role
  primary_arn = aws_kms_key.orders.arn
}

module "us-west-2" {
  source      = "./replica"
  providers   = { aws = aws.us-west-2 }
  region      = "us-west-2"
  account     = local.account
  role        = local.role
  primary_arn = aws_kms_key.orders.arn
}

module "ap-northeast-1" {
  source      = "./replica"
  providers   = { aws = aws.ap-northeast-1 }
  region      = "ap-northeast-1"
  account     = local.account
  role        = local.role
  primary_arn = aws_kms_key.orders.arn
}

resource "aws_kms_external_key" "imported" {
  description             = "imported"
  multi_region            = true
  enabled                 = true
  deletion_window_in_days = 7
  key_material_base64     = var.key_material
  tags                    = { team = "orders" }
}

resource "aws_kms_replica_external_key" "imported" {
  provider                = aws.eu-west-1
  primary_key_arn         = aws_kms_external_key.imported.arn
  description             = "imported, until the day it is renewed"
  enabled                 = true
  deletion_window_in_days = 7
  key_material_base64     = var.key_material
  valid_to                = var.valid_to
}

variable "key_material" {
  type      = string
  sensitive = true
}

variable "valid_to" { type = string }

output "orders" { value = aws_kms_key.orders.key_id }
output "imported" { value = aws_kms_external_key.imported.id }
