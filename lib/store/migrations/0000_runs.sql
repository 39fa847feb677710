CREATE TABLE "held_families" (
	"key_id" text PRIMARY KEY NOT NULL,
	"run_id" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "run_steps" (
	"run_id" text NOT NULL,
	"number" integer NOT NULL,
	"title" text NOT NULL,
	"region" text NOT NULL,
	"operation" text,
	"cli" text NOT NULL,
	"status" text NOT NULL,
	"started_at" timestamp (3) with time zone,
	"ended_at" timestamp (3) with time zone,
	"request_id" text,
	"error" jsonb,
	"message" text,
	"output" jsonb NOT NULL,
	CONSTRAINT "run_steps_run_id_number_pk" PRIMARY KEY("run_id","number")
);
--> statement-breakpoint
CREATE TABLE "runs" (
	"id" text PRIMARY KEY NOT NULL,
	"kind" text NOT NULL,
	"title" text NOT NULL,
	"status" text NOT NULL,
	"actor" text NOT NULL,
	"reason" text NOT NULL,
	"fingerprint" text NOT NULL,
	"request" jsonb NOT NULL,
	"undo" jsonb NOT NULL,
	"plan" jsonb NOT NULL,
	"key_ids" jsonb NOT NULL,
	"message" text NOT NULL,
	"asked" jsonb,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"started_at" timestamp (3) with time zone,
	"ended_at" timestamp (3) with time zone,
	"worker" text,
	"heartbeat_at" timestamp (3) with time zone
);
--> statement-breakpoint
ALTER TABLE "held_families" ADD CONSTRAINT "held_families_run_id_runs_id_fk" FOREIGN KEY ("run_id") REFERENCES "public"."runs"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "run_steps" ADD CONSTRAINT "run_steps_run_id_runs_id_fk" FOREIGN KEY ("run_id") REFERENCES "public"."runs"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "held_families_run_id" ON "held_families" USING btree ("run_id");--> statement-breakpoint
CREATE INDEX "runs_created_at" ON "runs" USING btree ("created_at");--> statement-breakpoint
CREATE INDEX "runs_status" ON "runs" USING btree ("status");