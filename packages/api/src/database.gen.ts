// Written by `./dfworx gen`; do not edit.
export type Json = string | number | boolean | null | { [key: string]: Json | undefined } | Json[]

export type Database = {
  
  "app_admin": {
          Tables: {
            "active_days": {
                  Row: {
                    "day": string,"organization_id": string,"user_id": string
                  }
                  ComputedFields: never
                  Insert: {
                    "day": string,"organization_id": string,"user_id": string
                  }
                  Update: {
                    "day"?: string,"organization_id"?: string,"user_id"?: string
                  }
                  Relationships: [
                    
                  ]
                },"admin_settings": {
                  Row: {
                    "key": string,"organization_id": string,"updated_at": string,"updated_by": string | null,"value": NonNullable<Json>
                  }
                  ComputedFields: never
                  Insert: {
                    "key": string,"organization_id": string,"updated_at"?: string,"updated_by"?: string | null,"value": NonNullable<Json>
                  }
                  Update: {
                    "key"?: string,"organization_id"?: string,"updated_at"?: string,"updated_by"?: string | null,"value"?: NonNullable<Json>
                  }
                  Relationships: [
                    
                  ]
                },"analytics": {
                  Row: {
                    "day": string,"metric": string,"organization_id": string,"updated_at": string,"value": number
                  }
                  ComputedFields: never
                  Insert: {
                    "day": string,"metric": string,"organization_id": string,"updated_at"?: string,"value": number
                  }
                  Update: {
                    "day"?: string,"metric"?: string,"organization_id"?: string,"updated_at"?: string,"value"?: number
                  }
                  Relationships: [
                    
                  ]
                },"analytics_marks": {
                  Row: {
                    "day": string,"mark_id": number,"organization_id": string
                  }
                  ComputedFields: never
                  Insert: {
                    "day": string,"mark_id"?: never,"organization_id": string
                  }
                  Update: {
                    "day"?: string,"mark_id"?: never,"organization_id"?: string
                  }
                  Relationships: [
                    
                  ]
                },"decisions": {
                  Row: {
                    "created_at": string,"decided_by": string | null,"decision": string,"decision_id": string,"entity_id": string,"kind": string,"organization_id": string,"reason": string
                  }
                  ComputedFields: never
                  Insert: {
                    "created_at"?: string,"decided_by"?: string | null,"decision": string,"decision_id"?: string,"entity_id": string,"kind": string,"organization_id": string,"reason": string
                  }
                  Update: {
                    "created_at"?: string,"decided_by"?: string | null,"decision"?: string,"decision_id"?: string,"entity_id"?: string,"kind"?: string,"organization_id"?: string,"reason"?: string
                  }
                  Relationships: [
                    
                  ]
                },"empty_searches": {
                  Row: {
                    "day": string,"organization_id": string,"searches": number,"words": string
                  }
                  ComputedFields: never
                  Insert: {
                    "day": string,"organization_id": string,"searches": number,"words": string
                  }
                  Update: {
                    "day"?: string,"organization_id"?: string,"searches"?: number,"words"?: string
                  }
                  Relationships: [
                    
                  ]
                },"reports": {
                  Row: {
                    "created_at": string,"finished_at": string | null,"kind": string,"organization_id": string,"parameters": NonNullable<Json>,"report_id": string,"result": Json | null,"status": string,"title": string,"user_id": string
                  }
                  ComputedFields: never
                  Insert: {
                    "created_at"?: string,"finished_at"?: string | null,"kind": string,"organization_id": string,"parameters"?: NonNullable<Json>,"report_id"?: string,"result"?: Json | null,"status"?: string,"title": string,"user_id": string
                  }
                  Update: {
                    "created_at"?: string,"finished_at"?: string | null,"kind"?: string,"organization_id"?: string,"parameters"?: NonNullable<Json>,"report_id"?: string,"result"?: Json | null,"status"?: string,"title"?: string,"user_id"?: string
                  }
                  Relationships: [
                    
                  ]
                },"request_days": {
                  Row: {
                    "day": string,"failed": number,"milliseconds": number,"organization_id": string,"requests": number,"service": string
                  }
                  ComputedFields: never
                  Insert: {
                    "day": string,"failed": number,"milliseconds": number,"organization_id": string,"requests": number,"service": string
                  }
                  Update: {
                    "day"?: string,"failed"?: number,"milliseconds"?: number,"organization_id"?: string,"requests"?: number,"service"?: string
                  }
                  Relationships: [
                    
                  ]
                },"system_logs": {
                  Row: {
                    "context": NonNullable<Json>,"created_at": string,"fingerprint": string,"level": string,"message": string,"organization_id": string,"service": string,"system_log_id": number
                  }
                  ComputedFields: never
                  Insert: {
                    "context"?: NonNullable<Json>,"created_at"?: string,"fingerprint"?: never,"level": string,"message": string,"organization_id": string,"service": string,"system_log_id"?: never
                  }
                  Update: {
                    "context"?: NonNullable<Json>,"created_at"?: string,"fingerprint"?: never,"level"?: string,"message"?: string,"organization_id"?: string,"service"?: string,"system_log_id"?: never
                  }
                  Relationships: [
                    
                  ]
                }
          }
          Views: {
            [_ in never]: never
          }
          Functions: {
            "count_active":
{ Args: { "first": string,"last": string }; Returns: {
              "day": string,"metric": string,"value": number
            }[]
                           },
"count_days":
{ Args: { "days": (string)[] }; Returns: {
              "day": string,"metric": string,"value": number
            }[]
                           },
"last_migration":
{ Args: Record<PropertyKey, never>; Returns: string
                           },
"mark_days":
{ Args: { "moments": (string)[],"orgs": (string)[] }; Returns: undefined
                           },
"marked_organizations":
{ Args: { "after_organization": string,"n": number }; Returns: string[]
                           },
"outbox_health":
{ Args: Record<PropertyKey, never>; Returns: {
              "failed": number,"oldest_seconds": number,"waiting": number
            }[]
                           },
"sweep_empty_searches":
{ Args: { "n": number }; Returns: number
                           },
"sweep_system_logs":
{ Args: { "n": number }; Returns: number
                           },
"take_marks":
{ Args: { "n": number }; Returns: string[]
                           }
          }
          Enums: {
            [_ in never]: never
          }
          CompositeTypes: {
            [_ in never]: never
          }
        },"app_web": {
          Tables: {
            "categories": {
                  Row: {
                    "category_id": string,"created_at": string,"description": string,"name": string,"organization_id": string,"parent_id": string | null,"position": number,"slug": string,"updated_at": string
                  }
                  ComputedFields: never
                  Insert: {
                    "category_id"?: string,"created_at"?: string,"description"?: string,"name": string,"organization_id": string,"parent_id"?: string | null,"position"?: number,"slug": string,"updated_at"?: string
                  }
                  Update: {
                    "category_id"?: string,"created_at"?: string,"description"?: string,"name"?: string,"organization_id"?: string,"parent_id"?: string | null,"position"?: number,"slug"?: string,"updated_at"?: string
                  }
                  Relationships: [
                    {
      foreignKeyName: "categories_organization_id_parent_id_fkey"
      columns: ["organization_id","parent_id"]
isOneToOne: false
      referencedRelation: "categories"
      referencedColumns: ["organization_id","category_id"]
    }
                  ]
                },"comments": {
                  Row: {
                    "comment_id": string,"content": string | null,"created_at": string,"organization_id": string,"parent_id": string | null,"post_id": string,"removed_at": string | null,"resolved_at": string | null,"search": unknown,"updated_at": string,"user_id": string,"version": number
                  }
                  ComputedFields: never
                  Insert: {
                    "comment_id"?: string,"content"?: string | null,"created_at"?: string,"organization_id": string,"parent_id"?: string | null,"post_id": string,"removed_at"?: string | null,"resolved_at"?: string | null,"search"?: unknown,"updated_at"?: string,"user_id": string,"version"?: number
                  }
                  Update: {
                    "comment_id"?: string,"content"?: string | null,"created_at"?: string,"organization_id"?: string,"parent_id"?: string | null,"post_id"?: string,"removed_at"?: string | null,"resolved_at"?: string | null,"search"?: unknown,"updated_at"?: string,"user_id"?: string,"version"?: number
                  }
                  Relationships: [
                    {
      foreignKeyName: "comments_organization_id_post_id_fkey"
      columns: ["organization_id","post_id"]
isOneToOne: false
      referencedRelation: "post_items"
      referencedColumns: ["organization_id","post_id"]
    },{
      foreignKeyName: "comments_organization_id_post_id_fkey"
      columns: ["organization_id","post_id"]
isOneToOne: false
      referencedRelation: "posts"
      referencedColumns: ["organization_id","post_id"]
    },{
      foreignKeyName: "comments_organization_id_post_id_parent_id_fkey"
      columns: ["organization_id","post_id","parent_id"]
isOneToOne: false
      referencedRelation: "comment_items"
      referencedColumns: ["organization_id","post_id","comment_id"]
    },{
      foreignKeyName: "comments_organization_id_post_id_parent_id_fkey"
      columns: ["organization_id","post_id","parent_id"]
isOneToOne: false
      referencedRelation: "comments"
      referencedColumns: ["organization_id","post_id","comment_id"]
    },{
      foreignKeyName: "comments_organization_id_user_id_fkey"
      columns: ["organization_id","user_id"]
isOneToOne: false
      referencedRelation: "profiles"
      referencedColumns: ["organization_id","user_id"]
    }
                  ]
                },"digests": {
                  Row: {
                    "due_at": string | null,"organization_id": string,"taken_at": string | null,"told_until": string,"user_id": string
                  }
                  ComputedFields: never
                  Insert: {
                    "due_at"?: string | null,"organization_id": string,"taken_at"?: string | null,"told_until"?: string,"user_id": string
                  }
                  Update: {
                    "due_at"?: string | null,"organization_id"?: string,"taken_at"?: string | null,"told_until"?: string,"user_id"?: string
                  }
                  Relationships: [
                    
                  ]
                },"flags": {
                  Row: {
                    "author_id": string | null,"created_at": string,"entity_id": string,"excerpt": string,"flag_id": string,"kind": string,"note": string,"organization_id": string,"post_id": string | null,"reason": string,"thread_id": string | null,"user_id": string
                  }
                  ComputedFields: never
                  Insert: {
                    "author_id"?: string | null,"created_at"?: string,"entity_id": string,"excerpt"?: string,"flag_id"?: string,"kind": string,"note"?: string,"organization_id": string,"post_id"?: string | null,"reason": string,"thread_id"?: string | null,"user_id": string
                  }
                  Update: {
                    "author_id"?: string | null,"created_at"?: string,"entity_id"?: string,"excerpt"?: string,"flag_id"?: string,"kind"?: string,"note"?: string,"organization_id"?: string,"post_id"?: string | null,"reason"?: string,"thread_id"?: string | null,"user_id"?: string
                  }
                  Relationships: [
                    
                  ]
                },"mail_counts": {
                  Row: {
                    "address": string,"counted_at": string,"kind": string,"mail_id": string,"organization_id": string
                  }
                  ComputedFields: never
                  Insert: {
                    "address": string,"counted_at"?: string,"kind": string,"mail_id": string,"organization_id": string
                  }
                  Update: {
                    "address"?: string,"counted_at"?: string,"kind"?: string,"mail_id"?: string,"organization_id"?: string
                  }
                  Relationships: [
                    
                  ]
                },"mentions": {
                  Row: {
                    "comment_id": string,"organization_id": string,"user_id": string
                  }
                  ComputedFields: never
                  Insert: {
                    "comment_id": string,"organization_id": string,"user_id": string
                  }
                  Update: {
                    "comment_id"?: string,"organization_id"?: string,"user_id"?: string
                  }
                  Relationships: [
                    {
      foreignKeyName: "mentions_organization_id_comment_id_fkey"
      columns: ["organization_id","comment_id"]
isOneToOne: false
      referencedRelation: "comment_items"
      referencedColumns: ["organization_id","comment_id"]
    },{
      foreignKeyName: "mentions_organization_id_comment_id_fkey"
      columns: ["organization_id","comment_id"]
isOneToOne: false
      referencedRelation: "comments"
      referencedColumns: ["organization_id","comment_id"]
    }
                  ]
                },"mutes": {
                  Row: {
                    "created_at": string,"organization_id": string,"post_id": string,"user_id": string
                  }
                  ComputedFields: never
                  Insert: {
                    "created_at"?: string,"organization_id": string,"post_id": string,"user_id": string
                  }
                  Update: {
                    "created_at"?: string,"organization_id"?: string,"post_id"?: string,"user_id"?: string
                  }
                  Relationships: [
                    {
      foreignKeyName: "mutes_organization_id_post_id_fkey"
      columns: ["organization_id","post_id"]
isOneToOne: false
      referencedRelation: "post_items"
      referencedColumns: ["organization_id","post_id"]
    },{
      foreignKeyName: "mutes_organization_id_post_id_fkey"
      columns: ["organization_id","post_id"]
isOneToOne: false
      referencedRelation: "posts"
      referencedColumns: ["organization_id","post_id"]
    }
                  ]
                },"post_editors": {
                  Row: {
                    "created_at": string,"organization_id": string,"post_id": string,"user_id": string
                  }
                  ComputedFields: never
                  Insert: {
                    "created_at"?: string,"organization_id": string,"post_id": string,"user_id": string
                  }
                  Update: {
                    "created_at"?: string,"organization_id"?: string,"post_id"?: string,"user_id"?: string
                  }
                  Relationships: [
                    {
      foreignKeyName: "post_editors_organization_id_post_id_fkey"
      columns: ["organization_id","post_id"]
isOneToOne: false
      referencedRelation: "post_items"
      referencedColumns: ["organization_id","post_id"]
    },{
      foreignKeyName: "post_editors_organization_id_post_id_fkey"
      columns: ["organization_id","post_id"]
isOneToOne: false
      referencedRelation: "posts"
      referencedColumns: ["organization_id","post_id"]
    }
                  ]
                },"post_readers": {
                  Row: {
                    "created_at": string,"organization_id": string,"post_id": string,"shared_by": string,"user_id": string
                  }
                  ComputedFields: never
                  Insert: {
                    "created_at"?: string,"organization_id": string,"post_id": string,"shared_by": string,"user_id": string
                  }
                  Update: {
                    "created_at"?: string,"organization_id"?: string,"post_id"?: string,"shared_by"?: string,"user_id"?: string
                  }
                  Relationships: [
                    {
      foreignKeyName: "post_readers_organization_id_post_id_fkey"
      columns: ["organization_id","post_id"]
isOneToOne: false
      referencedRelation: "post_items"
      referencedColumns: ["organization_id","post_id"]
    },{
      foreignKeyName: "post_readers_organization_id_post_id_fkey"
      columns: ["organization_id","post_id"]
isOneToOne: false
      referencedRelation: "posts"
      referencedColumns: ["organization_id","post_id"]
    }
                  ]
                },"post_reads": {
                  Row: {
                    "organization_id": string,"post_id": string,"read_at": string,"user_id": string
                  }
                  ComputedFields: never
                  Insert: {
                    "organization_id": string,"post_id": string,"read_at"?: string,"user_id": string
                  }
                  Update: {
                    "organization_id"?: string,"post_id"?: string,"read_at"?: string,"user_id"?: string
                  }
                  Relationships: [
                    {
      foreignKeyName: "post_reads_organization_id_post_id_fkey"
      columns: ["organization_id","post_id"]
isOneToOne: false
      referencedRelation: "post_items"
      referencedColumns: ["organization_id","post_id"]
    },{
      foreignKeyName: "post_reads_organization_id_post_id_fkey"
      columns: ["organization_id","post_id"]
isOneToOne: false
      referencedRelation: "posts"
      referencedColumns: ["organization_id","post_id"]
    }
                  ]
                },"post_slugs": {
                  Row: {
                    "created_at": string,"organization_id": string,"post_id": string,"slug": string
                  }
                  ComputedFields: never
                  Insert: {
                    "created_at"?: string,"organization_id": string,"post_id": string,"slug": string
                  }
                  Update: {
                    "created_at"?: string,"organization_id"?: string,"post_id"?: string,"slug"?: string
                  }
                  Relationships: [
                    {
      foreignKeyName: "post_slugs_organization_id_post_id_fkey"
      columns: ["organization_id","post_id"]
isOneToOne: false
      referencedRelation: "post_items"
      referencedColumns: ["organization_id","post_id"]
    },{
      foreignKeyName: "post_slugs_organization_id_post_id_fkey"
      columns: ["organization_id","post_id"]
isOneToOne: false
      referencedRelation: "posts"
      referencedColumns: ["organization_id","post_id"]
    }
                  ]
                },"post_views": {
                  Row: {
                    "organization_id": string,"post_id": string,"views": number
                  }
                  ComputedFields: never
                  Insert: {
                    "organization_id": string,"post_id": string,"views"?: number
                  }
                  Update: {
                    "organization_id"?: string,"post_id"?: string,"views"?: number
                  }
                  Relationships: [
                    {
      foreignKeyName: "post_views_organization_id_post_id_fkey"
      columns: ["organization_id","post_id"]
isOneToOne: true
      referencedRelation: "post_items"
      referencedColumns: ["organization_id","post_id"]
    },{
      foreignKeyName: "post_views_organization_id_post_id_fkey"
      columns: ["organization_id","post_id"]
isOneToOne: true
      referencedRelation: "posts"
      referencedColumns: ["organization_id","post_id"]
    }
                  ]
                },"posts": {
                  Row: {
                    "archived_at": string | null,"category_id": string | null,"comment_count": number,"content": string,"created_at": string,"deleted_at": string | null,"excerpt": string,"listed_at": string,"metadata": NonNullable<Json>,"organization_id": string,"pinned_at": string | null,"pinned_place": number | null,"post_id": string,"publish_at": string | null,"published_at": string | null,"search": unknown,"slug": string,"status": string,"title": string,"trashed_at": string | null,"trashed_from": string | null,"updated_at": string,"user_id": string,"version": number,"visibility": string
                  }
                  ComputedFields: never
                  Insert: {
                    "archived_at"?: string | null,"category_id"?: string | null,"comment_count"?: number,"content": string,"created_at"?: string,"deleted_at"?: string | null,"excerpt"?: string,"listed_at"?: never,"metadata"?: NonNullable<Json>,"organization_id": string,"pinned_at"?: string | null,"pinned_place"?: number | null,"post_id"?: string,"publish_at"?: string | null,"published_at"?: string | null,"search": unknown,"slug": string,"status"?: string,"title": string,"trashed_at"?: string | null,"trashed_from"?: string | null,"updated_at"?: string,"user_id": string,"version"?: number,"visibility"?: string
                  }
                  Update: {
                    "archived_at"?: string | null,"category_id"?: string | null,"comment_count"?: number,"content"?: string,"created_at"?: string,"deleted_at"?: string | null,"excerpt"?: string,"listed_at"?: never,"metadata"?: NonNullable<Json>,"organization_id"?: string,"pinned_at"?: string | null,"pinned_place"?: number | null,"post_id"?: string,"publish_at"?: string | null,"published_at"?: string | null,"search"?: unknown,"slug"?: string,"status"?: string,"title"?: string,"trashed_at"?: string | null,"trashed_from"?: string | null,"updated_at"?: string,"user_id"?: string,"version"?: number,"visibility"?: string
                  }
                  Relationships: [
                    {
      foreignKeyName: "posts_organization_id_category_id_fkey"
      columns: ["organization_id","category_id"]
isOneToOne: false
      referencedRelation: "categories"
      referencedColumns: ["organization_id","category_id"]
    },{
      foreignKeyName: "posts_organization_id_user_id_fkey"
      columns: ["organization_id","user_id"]
isOneToOne: false
      referencedRelation: "profiles"
      referencedColumns: ["organization_id","user_id"]
    }
                  ]
                },"preferences": {
                  Row: {
                    "organization_id": string,"preferences": NonNullable<Json>,"updated_at": string,"user_id": string
                  }
                  ComputedFields: never
                  Insert: {
                    "organization_id": string,"preferences"?: NonNullable<Json>,"updated_at"?: string,"user_id": string
                  }
                  Update: {
                    "organization_id"?: string,"preferences"?: NonNullable<Json>,"updated_at"?: string,"user_id"?: string
                  }
                  Relationships: [
                    
                  ]
                },"profiles": {
                  Row: {
                    "bio": string,"created_at": string,"organization_id": string,"timezone": string | null,"title": string,"updated_at": string,"user_id": string
                  }
                  ComputedFields: never
                  Insert: {
                    "bio"?: string,"created_at"?: string,"organization_id": string,"timezone"?: string | null,"title"?: string,"updated_at"?: string,"user_id": string
                  }
                  Update: {
                    "bio"?: string,"created_at"?: string,"organization_id"?: string,"timezone"?: string | null,"title"?: string,"updated_at"?: string,"user_id"?: string
                  }
                  Relationships: [
                    
                  ]
                },"read_marks": {
                  Row: {
                    "organization_id": string,"read_until": string,"user_id": string
                  }
                  ComputedFields: never
                  Insert: {
                    "organization_id": string,"read_until"?: string,"user_id": string
                  }
                  Update: {
                    "organization_id"?: string,"read_until"?: string,"user_id"?: string
                  }
                  Relationships: [
                    
                  ]
                },"revisions": {
                  Row: {
                    "author_id": string,"begun_at": string,"content": string,"created_at": string,"is_settled": boolean,"organization_id": string,"post_id": string,"replaced_at": string | null,"revision_id": string,"shown_to": string | null,"size": number,"title": string,"user_id": string,"version": number
                  }
                  ComputedFields: never
                  Insert: {
                    "author_id": string,"begun_at"?: string,"content": string,"created_at"?: string,"is_settled"?: boolean,"organization_id": string,"post_id": string,"replaced_at"?: string | null,"revision_id"?: string,"shown_to"?: string | null,"size"?: never,"title": string,"user_id": string,"version": number
                  }
                  Update: {
                    "author_id"?: string,"begun_at"?: string,"content"?: string,"created_at"?: string,"is_settled"?: boolean,"organization_id"?: string,"post_id"?: string,"replaced_at"?: string | null,"revision_id"?: string,"shown_to"?: string | null,"size"?: never,"title"?: string,"user_id"?: string,"version"?: number
                  }
                  Relationships: [
                    {
      foreignKeyName: "revisions_organization_id_post_id_fkey"
      columns: ["organization_id","post_id"]
isOneToOne: false
      referencedRelation: "post_items"
      referencedColumns: ["organization_id","post_id"]
    },{
      foreignKeyName: "revisions_organization_id_post_id_fkey"
      columns: ["organization_id","post_id"]
isOneToOne: false
      referencedRelation: "posts"
      referencedColumns: ["organization_id","post_id"]
    },{
      foreignKeyName: "revisions_organization_id_user_id_fkey"
      columns: ["organization_id","user_id"]
isOneToOne: false
      referencedRelation: "profiles"
      referencedColumns: ["organization_id","user_id"]
    }
                  ]
                },"view_batches": {
                  Row: {
                    "applied_at": string,"batch_id": string
                  }
                  ComputedFields: never
                  Insert: {
                    "applied_at"?: string,"batch_id": string
                  }
                  Update: {
                    "applied_at"?: string,"batch_id"?: string
                  }
                  Relationships: [
                    
                  ]
                }
          }
          Views: {
            "comment_items": {
                  Row: {
                    "comment_id": string,"created_at": string,"item": Json | null,"organization_id": string,"post_id": string
                  }
                  ComputedFields: never
                  Insert: {
                           "comment_id"?: string | null,"created_at"?: string | null,"item"?: never,"organization_id"?: string | null,"post_id"?: string | null
                         }
                        Update: {
                           "comment_id"?: string | null,"created_at"?: string | null,"item"?: never,"organization_id"?: string | null,"post_id"?: string | null
                         }
                        Relationships: [
                    {
      foreignKeyName: "comments_organization_id_post_id_fkey"
      columns: ["organization_id","post_id"]
isOneToOne: false
      referencedRelation: "post_items"
      referencedColumns: ["organization_id","post_id"]
    },{
      foreignKeyName: "comments_organization_id_post_id_fkey"
      columns: ["organization_id","post_id"]
isOneToOne: false
      referencedRelation: "posts"
      referencedColumns: ["organization_id","post_id"]
    }
                  ]
                },"notification_items": {
                  Row: {
                    "created_at": string,"is_shown": boolean | null,"item": Json | null,"notification_id": string,"organization_id": string,"read_at": string | null,"user_id": string
                  }
                  ComputedFields: never
                  Insert: {
                           "created_at"?: string | null,"is_shown"?: never,"item"?: never,"notification_id"?: string | null,"organization_id"?: string | null,"read_at"?: string | null,"user_id"?: string | null
                         }
                        Update: {
                           "created_at"?: string | null,"is_shown"?: never,"item"?: never,"notification_id"?: string | null,"organization_id"?: string | null,"read_at"?: string | null,"user_id"?: string | null
                         }
                        Relationships: [
                    
                  ]
                },"post_items": {
                  Row: {
                    "category_id": string | null,"content": string,"item": Json | null,"listed_at": string,"metadata": NonNullable<Json>,"organization_id": string,"pinned_at": string | null,"pinned_place": number | null,"post_id": string,"search": unknown,"slug": string,"status": string,"trashed_at": string | null,"user_id": string,"visibility": string
                  }
                  ComputedFields: never
                  Insert: {
                           "category_id"?: string | null,"content"?: string | null,"item"?: never,"listed_at"?: string | null,"metadata"?: Json | null,"organization_id"?: string | null,"pinned_at"?: string | null,"pinned_place"?: number | null,"post_id"?: string | null,"search"?: unknown,"slug"?: string | null,"status"?: string | null,"trashed_at"?: string | null,"user_id"?: string | null,"visibility"?: string | null
                         }
                        Update: {
                           "category_id"?: string | null,"content"?: string | null,"item"?: never,"listed_at"?: string | null,"metadata"?: Json | null,"organization_id"?: string | null,"pinned_at"?: string | null,"pinned_place"?: number | null,"post_id"?: string | null,"search"?: unknown,"slug"?: string | null,"status"?: string | null,"trashed_at"?: string | null,"user_id"?: string | null,"visibility"?: string | null
                         }
                        Relationships: [
                    {
      foreignKeyName: "posts_organization_id_category_id_fkey"
      columns: ["organization_id","category_id"]
isOneToOne: false
      referencedRelation: "categories"
      referencedColumns: ["organization_id","category_id"]
    },{
      foreignKeyName: "posts_organization_id_user_id_fkey"
      columns: ["organization_id","user_id"]
isOneToOne: false
      referencedRelation: "profiles"
      referencedColumns: ["organization_id","user_id"]
    }
                  ]
                },"revision_items": {
                  Row: {
                    "content": string,"item": Json | null,"organization_id": string,"post_id": string,"title": string,"version": number
                  }
                  ComputedFields: never
                  Insert: {
                           "content"?: string | null,"item"?: never,"organization_id"?: string | null,"post_id"?: string | null,"title"?: string | null,"version"?: number | null
                         }
                        Update: {
                           "content"?: string | null,"item"?: never,"organization_id"?: string | null,"post_id"?: string | null,"title"?: string | null,"version"?: number | null
                         }
                        Relationships: [
                    {
      foreignKeyName: "revisions_organization_id_post_id_fkey"
      columns: ["organization_id","post_id"]
isOneToOne: false
      referencedRelation: "post_items"
      referencedColumns: ["organization_id","post_id"]
    },{
      foreignKeyName: "revisions_organization_id_post_id_fkey"
      columns: ["organization_id","post_id"]
isOneToOne: false
      referencedRelation: "posts"
      referencedColumns: ["organization_id","post_id"]
    }
                  ]
                }
          }
          Functions: {
            "add_views":
{ Args: { "batch": string,"people": (string)[],"posts": (string)[] }; Returns: number
                           },
"category_subtree":
{ Args: { "of_slug": string,"org": string }; Returns: (string)[]
                           },
"clear_deleted":
{ Args: { "n": number }; Returns: string[]
                           },
"compose_digest":
{ Args: { "org": string,"person": string,"told_until": string,"until": string }; Returns: Json
                           },
"count_mail":
{ Args: { "email": string,"id": string,"of_kind": string,"org": string }; Returns: boolean
                           },
"count_unread":
{ Args: { "ctx": string,"most": number }; Returns: number
                           },
"count_unread_posts":
{ Args: { "ctx": string,"most": number }; Returns: string
                           },
"decides_on":
{ Args: { "author": string,"status": string,"trashed_from": string,"visibility": string }; Returns: boolean
                           },
"expire_trash":
{ Args: { "n": number }; Returns: string[]
                           },
"find_comments":
{ Args: { "by_author": string,"in_categories": (string)[],"most": number,"since": string,"typed": unknown,"until": string,"with_status": string }; Returns: {
              "comment_id": string,"listed_at": string,"rank": number,"tier": number
            }[]
                           },
"find_people":
{ Args: { "most": number,"typed": unknown,"whole": unknown }; Returns: {
              "listed_at": string,"rank": number,"tier": number,"user_id": string
            }[]
                           },
"find_posts":
{ Args: { "by_author": string,"in_categories": (string)[],"most": number,"since": string,"typed": unknown,"until": string,"whole": unknown,"with_status": string }; Returns: {
              "listed_at": string,"post_id": string,"rank": number,"tier": number
            }[]
                           },
"find_words":
{ Args: { "beginning": string,"kinds": (string)[],"words": (string)[] }; Returns: {
              "found": number,"word": string
            }[]
                           },
"get_comment":
{ Args: { "by_id": string,"ctx": string }; Returns: string
                           },
"get_post":
{ Args: { "by_id": string,"by_slug": string,"ctx": string }; Returns: string
                           },
"get_revision":
{ Args: { "ctx": string,"of_post": string,"of_version": number }; Returns: string
                           },
"hide_deleted":
{ Args: { "of_post": string,"org": string }; Returns: undefined
                           },
"is_removed":
{ Args: { "of_entity": string,"of_kind": string }; Returns: boolean
                           },
"is_searched":
{ Args: { "its_author": string,"its_id": string,"its_status": string,"its_trashed_from": string,"its_visibility": string,"me": string,"moderates": boolean,"org": string,"with_status": string }; Returns: boolean
                           },
"list_archived_posts":
{ Args: { "before_at": string,"before_id": string,"by_author": string,"ctx": string,"in_category": string,"page_size": number }; Returns: string
                           },
"list_comments":
{ Args: { "after_at": string,"after_id": string,"ctx": string,"of_post": string,"page_size": number }; Returns: string
                           },
"list_edited_posts":
{ Args: Record<PropertyKey, never>; Returns: string[]
                           },
"list_notifications":
{ Args: { "before_at": string,"before_id": string,"ctx": string,"only_unread": boolean,"page_size": number }; Returns: string
                           },
"list_own_posts":
{ Args: { "before_at": string,"before_id": string,"by_author": string,"ctx": string,"in_category": string,"page_size": number,"with_status": string }; Returns: string
                           },
"list_pinned_posts":
{ Args: { "ctx": string }; Returns: string
                           },
"list_post_readers":
{ Args: { "of_post": string }; Returns: {
              "name": string,"user_id": string
            }[]
                           },
"list_published_posts":
{ Args: { "before_at": string,"before_id": string,"by_author": string,"ctx": string,"in_category": string,"page_size": number }; Returns: string
                           },
"list_readers_of":
{ Args: { "among": (string)[],"of_post": string,"org": string }; Returns: string[]
                           },
"list_reads":
{ Args: { "ctx": string,"most": number,"of_posts": (string)[] }; Returns: string
                           },
"list_revisions":
{ Args: { "before_version": number,"ctx": string,"of_post": string,"page_size": number }; Returns: string
                           },
"list_taken_slugs":
{ Args: { "among": (string)[] }; Returns: string[]
                           },
"list_trashed_posts":
{ Args: { "before_at": string,"before_id": string,"by_author": string,"ctx": string,"in_category": string,"page_size": number }; Returns: string
                           },
"list_unread_posts":
{ Args: { "before_at": string,"before_id": string,"by_author": string,"ctx": string,"in_category": string,"page_size": number }; Returns: string
                           },
"mailed_digest":
{ Args: { "to_user": string }; Returns: undefined
                           },
"mailed_notification":
{ Args: { "id": string }; Returns: undefined
                           },
"mirrored_post":
{ Args: { "id": string,"org": string }; Returns: Json
                           },
"name_editors":
{ Args: { "of_post": string,"people": (string)[] }; Returns: string[]
                           },
"next_digest":
{ Args: { "last": string,"org": string,"person": string }; Returns: string
                           },
"note_posts":
{ Args: { "ids": (string)[],"orgs": (string)[] }; Returns: undefined
                           },
"notify_of_comment":
{ Args: { "newly_mentioned": (string)[],"of_comment": string }; Returns: string[]
                           },
"notify_of_editing":
{ Args: { "of_post": string,"people": (string)[] }; Returns: string[]
                           },
"notify_of_message":
{ Args: { "answered": string,"in_thread": string,"mentioned": (string)[],"of_message": string,"of_post": string }; Returns: string[]
                           },
"notify_of_share":
{ Args: { "of_post": string,"people": (string)[] }; Returns: string[]
                           },
"passage":
{ Args: { "content": string,"words": string }; Returns: Json
                           },
"pin_post":
{ Args: { "of_post": string }; Returns: boolean
                           },
"publish_due_posts":
{ Args: { "n": number }; Returns: {
              "organization_id": string,"post_id": string,"published": boolean,"readers": (string)[],"user_id": string,"visibility": string
            }[]
                           },
"purge_trash":
{ Args: { "n": number }; Returns: string[]
                           },
"read_until":
{ Args: { "org": string,"person": string }; Returns: string
                           },
"search_everything":
{ Args: { "by_author": string,"ctx": string,"in_category": string,"kinds": (string)[],"page_size": number,"since": string,"skip": number,"until": string,"with_status": string,"words": string }; Returns: string
                           },
"search_posts":
{ Args: { "by_author": string,"ctx": string,"in_category": string,"page_size": number,"skip": number,"with_status": string,"words": string }; Returns: string
                           },
"settle_revision":
{ Args: { "of_post": string }; Returns: undefined
                           },
"sweep_notifications":
{ Args: { "n": number }; Returns: {
              "organization_id": string,"user_id": string
            }[]
                           },
"take_digests":
{ Args: { "n": number }; Returns: {
              "day": string,"digest": Json,"email": string,"organization_id": string,"organization_name": string,"user_id": string
            }[]
                           },
"take_notification_mails":
{ Args: { "n": number }; Returns: {
              "actor_name": string,"comment_id": string,"email": string,"excerpt": string,"kind": string,"notification_id": string,"organization_id": string,"organization_name": string,"post_slug": string,"post_title": string
            }[]
                           },
"tell_people":
{ Args: { "actor": string,"kinds": (string)[],"of_comment": string,"of_post": string,"org": string,"people": (string)[] }; Returns: string[]
                           },
"tell_readers":
{ Args: { "author": string,"of_post": string,"org": string,"people": (string)[] }; Returns: string[]
                           }
          }
          Enums: {
            [_ in never]: never
          }
          CompositeTypes: {
            [_ in never]: never
          }
        },"public": {
          Tables: {
            "audit_heads": {
                  Row: {
                    "hash": string,"organization_id": string,"position": number
                  }
                  ComputedFields: never
                  Insert: {
                    "hash"?: string,"organization_id": string,"position"?: number
                  }
                  Update: {
                    "hash"?: string,"organization_id"?: string,"position"?: number
                  }
                  Relationships: [
                    
                  ]
                },"audit_links": {
                  Row: {
                    "audit_log_id": number,"hash": string,"organization_id": string,"position": number
                  }
                  ComputedFields: never
                  Insert: {
                    "audit_log_id": number,"hash": string,"organization_id": string,"position": number
                  }
                  Update: {
                    "audit_log_id"?: number,"hash"?: string,"organization_id"?: string,"position"?: number
                  }
                  Relationships: [
                    
                  ]
                },"audit_logs": {
                  Row: {
                    "action": string,"actor_id": string | null,"audit_log_id": number,"changes": NonNullable<Json>,"created_at": string,"entity": string,"entity_id": string | null,"organization_id": string,"service": unknown
                  }
                  ComputedFields: never
                  Insert: {
                    "action": string,"actor_id"?: string | null,"audit_log_id"?: never,"changes": NonNullable<Json>,"created_at"?: string,"entity": string,"entity_id"?: string | null,"organization_id": string,"service": unknown
                  }
                  Update: {
                    "action"?: string,"actor_id"?: string | null,"audit_log_id"?: never,"changes"?: NonNullable<Json>,"created_at"?: string,"entity"?: string,"entity_id"?: string | null,"organization_id"?: string,"service"?: unknown
                  }
                  Relationships: [
                    
                  ]
                },"notifications": {
                  Row: {
                    "actor_id": string | null,"comment_id": string | null,"created_at": string,"data": NonNullable<Json>,"entity": string,"entity_id": string,"kind": string,"mail_due_at": string | null,"message_id": string | null,"notification_id": string,"organization_id": string,"post_id": string | null,"read_at": string | null,"thread_id": string | null,"user_id": string
                  }
                  ComputedFields: never
                  Insert: {
                    "actor_id"?: string | null,"comment_id"?: string | null,"created_at"?: string,"data"?: NonNullable<Json>,"entity": string,"entity_id": string,"kind": string,"mail_due_at"?: string | null,"message_id"?: string | null,"notification_id"?: string,"organization_id": string,"post_id"?: string | null,"read_at"?: string | null,"thread_id"?: string | null,"user_id": string
                  }
                  Update: {
                    "actor_id"?: string | null,"comment_id"?: string | null,"created_at"?: string,"data"?: NonNullable<Json>,"entity"?: string,"entity_id"?: string,"kind"?: string,"mail_due_at"?: string | null,"message_id"?: string | null,"notification_id"?: string,"organization_id"?: string,"post_id"?: string | null,"read_at"?: string | null,"thread_id"?: string | null,"user_id"?: string
                  }
                  Relationships: [
                    {
      foreignKeyName: "notifications_organization_id_actor_id_fkey"
      columns: ["organization_id","actor_id"]
isOneToOne: false
      referencedRelation: "users"
      referencedColumns: ["organization_id","user_id"]
    },{
      foreignKeyName: "notifications_organization_id_fkey"
      columns: ["organization_id"]
isOneToOne: false
      referencedRelation: "organizations"
      referencedColumns: ["organization_id"]
    },{
      foreignKeyName: "notifications_organization_id_user_id_fkey"
      columns: ["organization_id","user_id"]
isOneToOne: false
      referencedRelation: "users"
      referencedColumns: ["organization_id","user_id"]
    }
                  ]
                },"organizations": {
                  Row: {
                    "created_at": string,"name": string,"organization_id": string,"slug": string,"suspended_at": string | null,"updated_at": string
                  }
                  ComputedFields: never
                  Insert: {
                    "created_at"?: string,"name": string,"organization_id"?: string,"slug": string,"suspended_at"?: string | null,"updated_at"?: string
                  }
                  Update: {
                    "created_at"?: string,"name"?: string,"organization_id"?: string,"slug"?: string,"suspended_at"?: string | null,"updated_at"?: string
                  }
                  Relationships: [
                    
                  ]
                },"users": {
                  Row: {
                    "avatar_url": string | null,"created_at": string,"email": string | null,"identity_id": string | null,"is_active": boolean,"name": string,"organization_id": string,"origin": string,"role": string,"sessions_valid_after": string,"updated_at": string,"user_id": string
                  }
                  ComputedFields: never
                  Insert: {
                    "avatar_url"?: string | null,"created_at"?: string,"email"?: string | null,"identity_id"?: string | null,"is_active"?: boolean,"name": string,"organization_id": string,"origin": string,"role"?: string,"sessions_valid_after"?: string,"updated_at"?: string,"user_id"?: string
                  }
                  Update: {
                    "avatar_url"?: string | null,"created_at"?: string,"email"?: string | null,"identity_id"?: string | null,"is_active"?: boolean,"name"?: string,"organization_id"?: string,"origin"?: string,"role"?: string,"sessions_valid_after"?: string,"updated_at"?: string,"user_id"?: string
                  }
                  Relationships: [
                    {
      foreignKeyName: "users_organization_id_fkey"
      columns: ["organization_id"]
isOneToOne: false
      referencedRelation: "organizations"
      referencedColumns: ["organization_id"]
    }
                  ]
                }
          }
          Views: {
            [_ in never]: never
          }
          Functions: {
            [_ in never]: never
          }
          Enums: {
            [_ in never]: never
          }
          CompositeTypes: {
            [_ in never]: never
          }
        },"shared_services": {
          Tables: {
            "blobs": {
                  Row: {
                    "begun_at": string,"is_named": boolean,"organization_id": string,"size_bytes": number,"storage_key": string
                  }
                  ComputedFields: never
                  Insert: {
                    "begun_at"?: string,"is_named"?: boolean,"organization_id": string,"size_bytes": number,"storage_key": string
                  }
                  Update: {
                    "begun_at"?: string,"is_named"?: boolean,"organization_id"?: string,"size_bytes"?: number,"storage_key"?: string
                  }
                  Relationships: [
                    
                  ]
                },"deliveries": {
                  Row: {
                    "consumer": string,"delivered_at": string | null,"failed_at": string | null,"organization_id": string,"outbox_id": number
                  }
                  ComputedFields: never
                  Insert: {
                    "consumer": string,"delivered_at"?: string | null,"failed_at"?: string | null,"organization_id": string,"outbox_id": number
                  }
                  Update: {
                    "consumer"?: string,"delivered_at"?: string | null,"failed_at"?: string | null,"organization_id"?: string,"outbox_id"?: number
                  }
                  Relationships: [
                    {
      foreignKeyName: "deliveries_organization_id_outbox_id_fkey"
      columns: ["organization_id","outbox_id"]
isOneToOne: false
      referencedRelation: "outbox"
      referencedColumns: ["organization_id","outbox_id"]
    }
                  ]
                },"files": {
                  Row: {
                    "comment_id": string | null,"created_at": string,"file_id": string,"height": number | null,"media_type": string,"message_id": string | null,"message_post_id": string | null,"name": string,"organization_id": string,"post_id": string | null,"sha256": string,"size_bytes": number,"storage_key": string,"user_id": string,"width": number | null
                  }
                  ComputedFields: never
                  Insert: {
                    "comment_id"?: string | null,"created_at"?: string,"file_id"?: string,"height"?: number | null,"media_type": string,"message_id"?: string | null,"message_post_id"?: string | null,"name": string,"organization_id": string,"post_id"?: string | null,"sha256": string,"size_bytes": number,"storage_key": string,"user_id": string,"width"?: number | null
                  }
                  Update: {
                    "comment_id"?: string | null,"created_at"?: string,"file_id"?: string,"height"?: number | null,"media_type"?: string,"message_id"?: string | null,"message_post_id"?: string | null,"name"?: string,"organization_id"?: string,"post_id"?: string | null,"sha256"?: string,"size_bytes"?: number,"storage_key"?: string,"user_id"?: string,"width"?: number | null
                  }
                  Relationships: [
                    
                  ]
                },"idempotency_keys": {
                  Row: {
                    "answer": string | null,"created_at": string,"fingerprint": string,"key_hash": string,"organization_id": string,"user_id": string
                  }
                  ComputedFields: never
                  Insert: {
                    "answer"?: string | null,"created_at"?: string,"fingerprint": string,"key_hash": string,"organization_id": string,"user_id": string
                  }
                  Update: {
                    "answer"?: string | null,"created_at"?: string,"fingerprint"?: string,"key_hash"?: string,"organization_id"?: string,"user_id"?: string
                  }
                  Relationships: [
                    
                  ]
                },"outbox": {
                  Row: {
                    "created_at": string,"delivered_at": string | null,"entity_id": string,"handed_at": string | null,"organization_id": string,"outbox_id": number,"payload": NonNullable<Json>,"topic": string
                  }
                  ComputedFields: never
                  Insert: {
                    "created_at"?: string,"delivered_at"?: string | null,"entity_id": string,"handed_at"?: string | null,"organization_id": string,"outbox_id"?: never,"payload"?: NonNullable<Json>,"topic": string
                  }
                  Update: {
                    "created_at"?: string,"delivered_at"?: string | null,"entity_id"?: string,"handed_at"?: string | null,"organization_id"?: string,"outbox_id"?: never,"payload"?: NonNullable<Json>,"topic"?: string
                  }
                  Relationships: [
                    
                  ]
                },"storage_usage": {
                  Row: {
                    "organization_id": string,"used_bytes": number
                  }
                  ComputedFields: never
                  Insert: {
                    "organization_id": string,"used_bytes": number
                  }
                  Update: {
                    "organization_id"?: string,"used_bytes"?: number
                  }
                  Relationships: [
                    
                  ]
                }
          }
          Views: {
            "file_items": {
                  Row: {
                    "comment_id": string | null,"created_at": string,"file_id": string,"item": Json | null,"organization_id": string,"post_id": string | null
                  }
                  ComputedFields: never
                  Insert: {
                           "comment_id"?: string | null,"created_at"?: string | null,"file_id"?: string | null,"item"?: never,"organization_id"?: string | null,"post_id"?: string | null
                         }
                        Update: {
                           "comment_id"?: string | null,"created_at"?: string | null,"file_id"?: string | null,"item"?: never,"organization_id"?: string | null,"post_id"?: string | null
                         }
                        Relationships: [
                    
                  ]
                },"notifications": {
                  Row: {
                    "actor_id": string | null,"comment_id": string | null,"created_at": string,"data": NonNullable<Json>,"entity": string,"entity_id": string,"kind": string,"mail_due_at": string | null,"message_id": string | null,"notification_id": string,"organization_id": string,"post_id": string | null,"read_at": string | null,"thread_id": string | null,"user_id": string
                  }
                  ComputedFields: never
                  Insert: {
                           "actor_id"?: string | null,"comment_id"?: string | null,"created_at"?: string | null,"data"?: Json | null,"entity"?: string | null,"entity_id"?: string | null,"kind"?: string | null,"mail_due_at"?: string | null,"message_id"?: string | null,"notification_id"?: string | null,"organization_id"?: string | null,"post_id"?: string | null,"read_at"?: string | null,"thread_id"?: string | null,"user_id"?: string | null
                         }
                        Update: {
                           "actor_id"?: string | null,"comment_id"?: string | null,"created_at"?: string | null,"data"?: Json | null,"entity"?: string | null,"entity_id"?: string | null,"kind"?: string | null,"mail_due_at"?: string | null,"message_id"?: string | null,"notification_id"?: string | null,"organization_id"?: string | null,"post_id"?: string | null,"read_at"?: string | null,"thread_id"?: string | null,"user_id"?: string | null
                         }
                        Relationships: [
                    
                  ]
                }
          }
          Functions: {
            "claim_key":
{ Args: { "fingerprint": string,"key_hash": string }; Returns: boolean
                           },
"mirror_again":
{ Args: { "after": string,"after_organization": string,"before": number,"kind": string }; Returns: {
              "last_id": string,"organization_id": string
            }[]
                           },
"mirror_begin":
{ Args: Record<PropertyKey, never>; Returns: {
              "before": number,"running": unknown
            }[]
                           },
"outbox_delivered":
{ Args: { "by_consumer": string,"id": number }; Returns: boolean
                           },
"outbox_expect":
{ Args: { "consumers": (string)[],"ids": (number)[] }; Returns: undefined
                           },
"outbox_failed":
{ Args: { "by_consumer": string,"id": number }; Returns: undefined
                           },
"outbox_forget":
{ Args: { "consumer": string,"id": number }; Returns: undefined
                           },
"outbox_read":
{ Args: { "for_consumer": string,"id": number }; Returns: {
              "created_at": string,"entity_id": string,"event_id": number,"organization_id": string,"payload": Json,"topic": string
            }[]
                           },
"outbox_settle":
{ Args: { "ids": (number)[] }; Returns: undefined
                           },
"outbox_sweep":
{ Args: { "n": number }; Returns: number
                           },
"outbox_take":
{ Args: { "n": number }; Returns: {
              "entity_id": string,"organization_id": string,"outbox_id": number,"topic": string
            }[]
                           },
"release_storage":
{ Args: { "keys": (string)[] }; Returns: undefined
                           },
"reserve_storage":
{ Args: { "bytes": number,"key": string,"quota": number }; Returns: boolean
                           },
"settle_storage":
{ Args: { "bytes": number,"key": string }; Returns: undefined
                           },
"sweep_files":
{ Args: { "n": number }; Returns: {
              "organization_id": string,"storage_key": string
            }[]
                           },
"sweep_idempotency_keys":
{ Args: { "n": number }; Returns: {
              "organization_id": string,"swept": number
            }[]
                           },
"unnamed_blobs":
{ Args: { "n": number }; Returns: string[]
                           },
"unnamed_storage_keys":
{ Args: { "keys": (string)[] }; Returns: string[]
                           }
          }
          Enums: {
            [_ in never]: never
          }
          CompositeTypes: {
            [_ in never]: never
          }
        }
}

type DatabaseWithoutInternals = Omit<Database, '__InternalSupabase'>

type DefaultSchema = DatabaseWithoutInternals[Extract<keyof Database, "public">]

export type Tables<
  DefaultSchemaTableNameOrOptions extends
    | keyof (DefaultSchema["Tables"] & DefaultSchema["Views"])
    | { schema: keyof DatabaseWithoutInternals },
  TableName extends DefaultSchemaTableNameOrOptions extends {
    schema: keyof DatabaseWithoutInternals
  }
    ? keyof (DatabaseWithoutInternals[DefaultSchemaTableNameOrOptions["schema"]]["Tables"] &
        DatabaseWithoutInternals[DefaultSchemaTableNameOrOptions["schema"]]["Views"])
    : never = never
> = DefaultSchemaTableNameOrOptions extends { schema: keyof DatabaseWithoutInternals }
  ? (DatabaseWithoutInternals[DefaultSchemaTableNameOrOptions["schema"]]["Tables"] &
      DatabaseWithoutInternals[DefaultSchemaTableNameOrOptions["schema"]]["Views"])[TableName] extends {
      Row: infer R
    }
    ? R
    : never
  : DefaultSchemaTableNameOrOptions extends keyof (DefaultSchema["Tables"] & DefaultSchema["Views"])
  ? (DefaultSchema["Tables"] & DefaultSchema["Views"])[DefaultSchemaTableNameOrOptions] extends {
      Row: infer R
    }
    ? R
    : never
  : never

export type TablesInsert<
  DefaultSchemaTableNameOrOptions extends
    | keyof DefaultSchema["Tables"]
    | { schema: keyof DatabaseWithoutInternals },
  TableName extends DefaultSchemaTableNameOrOptions extends {
    schema: keyof DatabaseWithoutInternals
  }
    ? keyof DatabaseWithoutInternals[DefaultSchemaTableNameOrOptions["schema"]]["Tables"]
    : never = never
> = DefaultSchemaTableNameOrOptions extends { schema: keyof DatabaseWithoutInternals }
  ? DatabaseWithoutInternals[DefaultSchemaTableNameOrOptions["schema"]]["Tables"][TableName] extends {
      Insert: infer I
    }
    ? I
    : never
  : DefaultSchemaTableNameOrOptions extends keyof DefaultSchema["Tables"]
  ? DefaultSchema["Tables"][DefaultSchemaTableNameOrOptions] extends {
      Insert: infer I
    }
    ? I
    : never
  : never

export type TablesUpdate<
  DefaultSchemaTableNameOrOptions extends
    | keyof DefaultSchema["Tables"]
    | { schema: keyof DatabaseWithoutInternals },
  TableName extends DefaultSchemaTableNameOrOptions extends {
    schema: keyof DatabaseWithoutInternals
  }
    ? keyof DatabaseWithoutInternals[DefaultSchemaTableNameOrOptions["schema"]]["Tables"]
    : never = never
> = DefaultSchemaTableNameOrOptions extends { schema: keyof DatabaseWithoutInternals }
  ? DatabaseWithoutInternals[DefaultSchemaTableNameOrOptions["schema"]]["Tables"][TableName] extends {
      Update: infer U
    }
    ? U
    : never
  : DefaultSchemaTableNameOrOptions extends keyof DefaultSchema["Tables"]
  ? DefaultSchema["Tables"][DefaultSchemaTableNameOrOptions] extends {
      Update: infer U
    }
    ? U
    : never
  : never

export type Enums<
  DefaultSchemaEnumNameOrOptions extends
    | keyof DefaultSchema["Enums"]
    | { schema: keyof DatabaseWithoutInternals },
  EnumName extends DefaultSchemaEnumNameOrOptions extends {
    schema: keyof DatabaseWithoutInternals
  }
    ? keyof DatabaseWithoutInternals[DefaultSchemaEnumNameOrOptions["schema"]]["Enums"]
    : never = never
> = DefaultSchemaEnumNameOrOptions extends { schema: keyof DatabaseWithoutInternals }
  ? DatabaseWithoutInternals[DefaultSchemaEnumNameOrOptions["schema"]]["Enums"][EnumName]
  : DefaultSchemaEnumNameOrOptions extends keyof DefaultSchema["Enums"]
  ? DefaultSchema["Enums"][DefaultSchemaEnumNameOrOptions]
  : never

export type CompositeTypes<
  PublicCompositeTypeNameOrOptions extends
    | keyof DefaultSchema["CompositeTypes"]
    | { schema: keyof DatabaseWithoutInternals },
  CompositeTypeName extends PublicCompositeTypeNameOrOptions extends {
    schema: keyof DatabaseWithoutInternals
  }
    ? keyof DatabaseWithoutInternals[PublicCompositeTypeNameOrOptions["schema"]]["CompositeTypes"]
    : never = never
> = PublicCompositeTypeNameOrOptions extends { schema: keyof DatabaseWithoutInternals }
  ? DatabaseWithoutInternals[PublicCompositeTypeNameOrOptions["schema"]]["CompositeTypes"][CompositeTypeName]
  : PublicCompositeTypeNameOrOptions extends keyof DefaultSchema["CompositeTypes"]
  ? DefaultSchema["CompositeTypes"][PublicCompositeTypeNameOrOptions]
  : never

export const Constants = {
  "app_admin": {
          Enums: {
            
          }
        },"app_web": {
          Enums: {
            
          }
        },"public": {
          Enums: {
            
          }
        },"shared_services": {
          Enums: {
            
          }
        }
} as const
