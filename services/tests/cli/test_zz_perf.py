import time
from pathlib import Path
from tests.conftest import *
from dfworx.cli.importing.run import import_folder
import dfworx.cli.importing.run as R
class Silent:
    def begin(self, doing, total): print(doing, total, time.time()-self.t)
    def advance(self): ...
async def test_perf(database, redis, make_person, client_as, owner):
    a=await make_person(role="admin")
    b=await make_person(organization="other", role="admin")
    for i in range(2):
        s=Silent(); s.t=time.time()
        r=await import_folder(Path("/work/shared/data/eips"),"lumen",{},owner_url=database.owner_url,settings_of=database.settings,dry_run=False,steps=s)
        print("DONE",time.time()-s.t,r.created,r.updated,r.unchanged,len(r.skipped),len(r.warnings))
    c=client_as(a); seen=[]; cur=None
    while True:
        j=(await c.get("/api/web/posts",params={"limit":100,**({"cursor":cur} if cur else {})})).json()
        seen+=[i["slug"] for i in j["items"]]; cur=j["next_cursor"]
        if not cur: break
    print(len(seen),len(set(seen)))
    print([i["slug"] for i in (await c.get("/api/web/posts?q=1559")).json()["items"]][:5])
    print((await client_as(b).get("/api/web/posts?q=1559")).json())
    print(await owner.fetch("select name, slug from app_web.categories"), await owner.fetchval("select count(*) from public.users where origin='imported'"))
