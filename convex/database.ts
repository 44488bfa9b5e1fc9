// A database that knows one organization alone: it begins every range with the organization, adds it to every row that is
// written, and takes a row of another one for absent. What is here has no way to name another organization.
import type {
  DocumentByName,
  GenericDatabaseReader,
  GenericDatabaseWriter,
  IndexNames,
  IndexRange,
  IndexRangeBuilder,
  NamedIndex,
  NamedSearchIndex,
  NamedTableInfo,
  OrderedQuery,
  SearchFilterBuilder,
  SearchFilterFinalizer,
  SearchIndexNames,
  WithoutSystemFields,
} from "convex/server";

import type { DataModel, Id, TableNames } from "./_generated/dataModel";

type Info<T extends TableNames> = NamedTableInfo<DataModel, T>;
type Row<T extends TableNames> = DocumentByName<DataModel, T>;
/** What is left of an index behind the organization. */
type Rest<T extends TableNames, I extends IndexNames<Info<T>>> = IndexRangeBuilder<Row<T>, NamedIndex<Info<T>, I>, 1>;
type Finalizer<T extends TableNames, S extends SearchIndexNames<Info<T>>> = SearchFilterFinalizer<
  Row<T>,
  NamedSearchIndex<Info<T>, S>
>;
type New<T extends TableNames> = Omit<WithoutSystemFields<Row<T>>, "organization_id">;

/** As the bound one needs them, whatever the table: the types above say the rest. */
type AnyRange = { eq: (field: string, value: string) => unknown };
type AnyQuery = {
  withIndex: (name: string, range: (q: AnyRange) => unknown) => unknown;
  withSearchIndex: (name: string, filter: (q: never) => unknown) => unknown;
};

export class OrganizationReader {
  constructor(
    private readonly reader: GenericDatabaseReader<DataModel>,
    protected readonly organization_id: string,
  ) {}

  /** Null also for a row of another organization. */
  async get<T extends TableNames>(table: T, id: Id<T>): Promise<Row<T> | null> {
    const row = await this.reader.get(table, id);
    return row !== null && row.organization_id === this.organization_id ? row : null;
  }

  /** The id of the table that a text is, if it is one; of whose row is for `get`. */
  readId<T extends TableNames>(table: T, text: string): Id<T> | null {
    return this.reader.normalizeId(table, text);
  }

  /** The organization's part of an index; `narrow` goes on behind it. */
  range<T extends TableNames, I extends IndexNames<Info<T>> & string>(
    table: T,
    index: I,
    narrow?: (rest: Rest<T, I>) => IndexRange,
  ): OrderedQuery<Info<T>> & { order: (order: "asc" | "desc") => OrderedQuery<Info<T>> } {
    const query = this.reader.query(table) as unknown as AnyQuery;
    return query.withIndex(index, (whole) => {
      const rest = whole.eq("organization_id", this.organization_id);
      return narrow ? narrow(rest as Rest<T, I>) : rest;
    }) as ReturnType<typeof this.range<T, I>>;
  }

  /** What of the organization has the words that `filter` asks for. */
  search<T extends TableNames, S extends SearchIndexNames<Info<T>> & string>(
    table: T,
    index: S,
    filter: (q: SearchFilterBuilder<Row<T>, NamedSearchIndex<Info<T>, S>>) => Finalizer<T, S>,
  ): OrderedQuery<Info<T>> {
    const query = this.reader.query(table) as unknown as AnyQuery;
    return query.withSearchIndex(index, (q) => {
      const found = filter(q) as unknown as AnyRange;
      return found.eq("organization_id", this.organization_id);
    }) as OrderedQuery<Info<T>>;
  }
}

export class OrganizationWriter extends OrganizationReader {
  constructor(
    private readonly writer: GenericDatabaseWriter<DataModel>,
    organization_id: string,
  ) {
    super(writer, organization_id);
  }

  async insert<T extends TableNames>(table: T, row: New<T>): Promise<Id<T>> {
    const whole = { ...row, organization_id: this.organization_id };
    return await this.writer.insert(table, whole as unknown as WithoutSystemFields<Row<T>>);
  }

  /** Of a row that was read here, or of an id: then it is read first. Raises when the organization has no such row. */
  async patch<T extends TableNames>(table: T, which: Row<T> | Id<T>, changes: Partial<New<T>>): Promise<void> {
    const id = await this.require(table, which);
    const safe = { ...changes, organization_id: this.organization_id };
    await this.writer.patch(table, id, safe as unknown as Partial<Row<T>>);
  }

  /** As `patch` takes it. */
  async delete<T extends TableNames>(table: T, which: Row<T> | Id<T>): Promise<void> {
    await this.writer.delete(table, await this.require(table, which));
  }

  private async require<T extends TableNames>(table: T, which: Row<T> | Id<T>): Promise<Id<T>> {
    const row = typeof which === "string" ? await this.get(table, which) : which;
    if (row?.organization_id !== this.organization_id) {
      throw new Error(`There is no such row in ${table}.`);
    }
    return row._id as Id<T>;
  }
}
