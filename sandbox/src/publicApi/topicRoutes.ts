/** `GET /api/v2/notifications/availabletopics`: every topic in one answer, without pages. */
import type { FastifyInstance } from "fastify";
import { listIn, type Query } from "../page.js";
import type { World } from "../world.js";
import { presentAvailableTopic } from "./present.js";

export function topicRoutes(app: FastifyInstance, { organisation }: World): void {
  app.get<{ Querystring: Query }>("/api/v2/notifications/availabletopics", async ({ query }) => {
    const { state, variants } = organisation;
    const topics = state.availableTopics.filter(
      ({ visibility }) => query.includePreview !== "false" || visibility !== "Preview",
    );
    const expand = listIn(query, "expand");
    return { entities: topics.map((topic) => presentAvailableTopic(topic, expand, variants)) };
  });
}
