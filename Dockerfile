# Stages: everything to build with, the build, what runs, the image. No dependency's install script
# runs in any of them.

FROM node:24-slim AS all-dependencies
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts

FROM all-dependencies AS build
COPY tsconfig.json ./
COPY scripts ./scripts
COPY jobs ./jobs
COPY src ./src
# Also makes dist/seed, the empty database that a first start of the embedded store unpacks.
RUN npm run build

FROM node:24-slim AS run-dependencies
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
# npm keeps a compiler that a package could use for its types.
RUN npm ci --omit=dev --ignore-scripts && rm -rf node_modules/typescript node_modules/@typescript

FROM node:24-slim
WORKDIR /app
# package.json marks the folder that the program looks for its seed and its sample files in; config
# is what the demo audits.
COPY package.json LICENSE ./
COPY --from=run-dependencies /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
COPY config ./config
# Nothing below /app is written to: the store goes to /data, what is temporary to /tmp.
RUN install -d -o 10001 -g 10001 -m 0700 /data \
  && install -d -m 0755 /config \
  && ln -s /app/dist/src/main.js /usr/local/bin/keysweep \
  && chmod 0755 /app/dist/src/main.js
ENV NODE_ENV=production \
    KEYSWEEP_CONFIG=/config/keysweep.yaml
USER 10001:10001
VOLUME /data
STOPSIGNAL SIGTERM
# Asks /healthz over loopback, so the configuration needs an http section with a port of its own.
HEALTHCHECK --interval=30s --timeout=10s --start-period=30s --retries=3 \
  CMD ["keysweep", "healthcheck"]
# The program answers SIGTERM and SIGINT itself and starts no children, so it may be process 1.
ENTRYPOINT ["keysweep"]
CMD ["start"]
