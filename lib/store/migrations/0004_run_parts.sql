CREATE TABLE "run_parts" (
	"run_id" text NOT NULL,
	"number" integer NOT NULL,
	"key_id" text,
	"title" text NOT NULL,
	"wave" integer NOT NULL,
	"first_step" integer NOT NULL,
	"last_step" integer NOT NULL,
	"status" text NOT NULL,
	"settled" boolean NOT NULL,
	"message" text,
	"started_at" timestamp (3) with time zone,
	"ended_at" timestamp (3) with time zone,
	"reason" text,
	"job" text,
	"attempt" integer,
	CONSTRAINT "run_parts_run_id_number_pk" PRIMARY KEY("run_id","number")
);
--> statement-breakpoint
ALTER TABLE "run_steps" ADD COLUMN "part" integer NOT NULL DEFAULT 1;--> statement-breakpoint
ALTER TABLE "run_steps" ALTER COLUMN "part" DROP DEFAULT;--> statement-breakpoint
ALTER TABLE "runs" ADD COLUMN "deed" text DEFAULT 'done' NOT NULL;--> statement-breakpoint
ALTER TABLE "runs" ADD COLUMN "max_failures" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "runs" ADD COLUMN "minimum_seconds" double precision DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "run_parts" ADD CONSTRAINT "run_parts_run_id_runs_id_fk" FOREIGN KEY ("run_id") REFERENCES "public"."runs"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "runs" DROP COLUMN "worker";--> statement-breakpoint
ALTER TABLE "runs" DROP COLUMN "heartbeat_at";--> statement-breakpoint
-- Runs from before there were parts have one. Those under way get a job when the next process starts.
INSERT INTO "run_parts" ("run_id", "number", "key_id", "title", "wave", "first_step", "last_step", "status", "settled", "message", "started_at", "ended_at", "reason")
SELECT
	"id", 1, "key_ids" ->> 0, "title", 1, 1, (SELECT count(*) FROM "run_steps" WHERE "run_id" = "runs"."id"),
	CASE "status" WHEN 'succeeded' THEN 'done' WHEN 'failed' THEN 'failed' WHEN 'aborted' THEN 'skipped' ELSE 'pending' END,
	"status" = 'succeeded', "message", "started_at", "ended_at",
	CASE "status" WHEN 'aborted' THEN 'The run was aborted' END
FROM "runs";--> statement-breakpoint
UPDATE "runs" SET "plan" = "plan" || jsonb_build_object('maxFailures', 0, 'parts', (
	SELECT jsonb_build_array(jsonb_build_object('keyId', "key_id", 'title', "run_parts"."title", 'wave', 1, 'firstStep', 1, 'lastStep', "last_step"))
	FROM "run_parts" WHERE "run_id" = "runs"."id"
));
