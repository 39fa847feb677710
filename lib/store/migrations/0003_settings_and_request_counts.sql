CREATE TABLE "request_counts" (
	"month" text NOT NULL,
	"region" text NOT NULL,
	"operation" text NOT NULL,
	"purpose" text NOT NULL,
	"count" bigint NOT NULL,
	CONSTRAINT "request_counts_month_region_operation_purpose_pk" PRIMARY KEY("month","region","operation","purpose")
);
--> statement-breakpoint
CREATE TABLE "settings" (
	"name" text PRIMARY KEY NOT NULL,
	"value" jsonb NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updated_by" text NOT NULL
);
