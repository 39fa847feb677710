# A family as a team would keep it: a primary key in us-east-1, three replica keys, each with a policy, tags and an alias
# of its own. The provider configurations are those of the README; the test writes them into a file beside this one.

terraform {
  required_providers {
    aws = { source = "hashicorp/aws" }
  }
}

data "aws_caller_identity" "current" {}

locals {
  account = "arn:aws:iam::${data.aws_caller_identity.current.account_id}:root"
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

module "eu-west-1" {
  source      = "./replica"
  providers   = { aws = aws.eu-west-1 }
  region      = "eu-west-1"
  account     = local.account
  primary_arn = aws_kms_key.orders.arn
}

module "us-west-2" {
  source      = "./replica"
  providers   = { aws = aws.us-west-2 }
  region      = "us-west-2"
  account     = local.account
  primary_arn = aws_kms_key.orders.arn
}

module "ap-northeast-1" {
  source      = "./replica"
  providers   = { aws = aws.ap-northeast-1 }
  region      = "ap-northeast-1"
  account     = local.account
  primary_arn = aws_kms_key.orders.arn
}

output "key_id" {
  value = aws_kms_key.orders.key_id
}
