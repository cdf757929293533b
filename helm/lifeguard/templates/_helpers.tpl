{{- define "lifeguard.name" -}}
{{- if contains .Chart.Name .Release.Name -}}{{ .Release.Name | trunc 50 | trimSuffix "-" }}{{- else -}}{{ printf "%s-%s" .Release.Name .Chart.Name | trunc 50 | trimSuffix "-" }}{{- end -}}
{{- end -}}

{{- define "lifeguard.selector" -}}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "lifeguard.labels" -}}
{{ include "lifeguard.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version }}
{{- end -}}

{{- define "lifeguard.serviceAccount" -}}
{{- .Values.serviceAccount.name | default (ternary (include "lifeguard.name" .) "default" .Values.serviceAccount.create) -}}
{{- end -}}

{{- define "lifeguard.image" -}}
{{- $image := .image -}}
{{- if $image.digest -}}{{ $image.repository }}@{{ $image.digest }}{{- else -}}{{ $image.repository }}:{{ $image.tag | default .appVersion }}{{- end -}}
{{- end -}}

{{/* Nobody's files, nobody's rights. */}}
{{- define "lifeguard.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities: { drop: [ALL] }
{{- end -}}

{{/* Keys of the Secret without which a role does not start. */}}
{{- define "lifeguard.needed" -}}
{{- $mode := dig "slack" "mode" "socket" .root.Values.config -}}
{{- $slack := list "SLACK_BOT_TOKEN" (ternary "SLACK_SIGNING_SECRET" "SLACK_APP_TOKEN" (eq $mode "http")) -}}
{{- $redis := ternary (list) (list "REDIS_URL") .root.Values.redis.enabled -}}
{{- concat $redis (ternary $slack (list) (eq .role "bot")) | toJson -}}
{{- end -}}

{{/* Keys of the Secret that a role takes where they are there. Only bots and workers ask the model, only bots talk with Slack, the pager and those who send. */}}
{{- define "lifeguard.used" -}}
{{- $all := list "LIFEGUARD_REDACTION_KEY" "ALERTMANAGER_TOKEN" -}}
{{- $model := list "OPENAI_API_KEY" "OPENAI_BASE_URL" -}}
{{- $bot := list "SLACK_API_URL" "LIFEGUARD_WEBHOOK_TOKEN" "PAGERDUTY_ROUTING_KEY" "LOKI_TOKEN" "KAGENT_TOKEN" "KUBECTL_AI_TOKEN" -}}
{{- $own := dict "bot" (concat $bot $model) "watcher" (list "PROMETHEUS_TOKEN" "LOKI_TOKEN") "worker" (prepend $model "PROMETHEUS_TOKEN") -}}
{{- concat $all (get $own .) | toJson -}}
{{- end -}}
