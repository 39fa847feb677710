CREATE SEQUENCE "public"."topology_terms" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1;--> statement-breakpoint
CREATE TABLE "inventory_requests" (
	"id" text PRIMARY KEY NOT NULL,
	"request" json NOT NULL,
	"answer" json,
	"asked_at" timestamp (3) with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "snapshot_members" (
	"region" text NOT NULL,
	"key_id" text NOT NULL,
	"reading" json,
	"written_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "snapshot_members_region_key_id_pk" PRIMARY KEY("region","key_id")
);
--> statement-breakpoint
CREATE TABLE "snapshot_regions" (
	"region" text PRIMARY KEY NOT NULL,
	"reading" json NOT NULL,
	"written_at" timestamp (3) with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "snapshots" (
	"id" integer PRIMARY KEY NOT NULL,
	"version" bigint NOT NULL,
	"refreshed" json NOT NULL,
	"written_at" timestamp (3) with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "watching_processes" (
	"process" text PRIMARY KEY NOT NULL,
	"open" json NOT NULL,
	"until" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE INDEX "snapshot_members_written_at" ON "snapshot_members" USING btree ("written_at");