terraform {
  required_providers {
    aws = { source = "hashicorp/aws", version = "~> 5.82" }
  }
}

resource "aws_lambda_function" "answers" {
  function_name = "answers"
  role          = aws_iam_role.answers.arn
  handler       = "answers.handler.handler"
  runtime       = "python3.12"
  filename      = "answers.zip"
  environment {
    variables = { ANSWER_MODEL_ID = "anthropic.claude-3-haiku-20240307-v1:0" }
  }
}

resource "aws_iam_role" "answers" {
  name               = "answers"
  assume_role_policy = data.aws_iam_policy_document.lambda.json
}

data "aws_iam_policy_document" "lambda" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "Service"
      identifiers = ["lambda.amazonaws.com"]
    }
  }
}
