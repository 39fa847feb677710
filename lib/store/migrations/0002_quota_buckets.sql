CREATE UNLOGGED TABLE "quota_buckets" (
	"region" text NOT NULL,
	"operation" text NOT NULL,
	"whole" double precision NOT NULL,
	"background" double precision NOT NULL,
	"scale" double precision NOT NULL,
	"refilled_at" timestamp with time zone NOT NULL,
	"lowered_at" timestamp with time zone,
	"granted" double precision NOT NULL,
	CONSTRAINT "quota_buckets_region_operation_pk" PRIMARY KEY("region","operation")
);
