//! The table of functions through which SQLite reaches disks. Each converts, asks the platter once, and converts.
//! Files on no disk go to the file system that was there before.

use crate::disk::{Shared, hold, mounted};
use crate::platter::{No, Platter, Region, SHM_LOCKS};
use rusqlite::ffi;
use std::ffi::{CStr, c_char, c_int, c_void};
use std::sync::{Arc, Once, OnceLock};

/// The file system that was there before.
struct Before(*mut ffi::sqlite3_vfs);
// SAFETY: SQLite's own file system is never changed nor freed, and made for use from many threads.
unsafe impl Send for Before {}
// SAFETY: as above.
unsafe impl Sync for Before {}

static BEFORE: OnceLock<Before> = OnceLock::new();

/// What SQLite holds of an open file.
#[repr(C)]
struct File {
    base: ffi::sqlite3_file,
    handle: *mut Handle,
}

struct Handle {
    disk: Shared,
    node: u64,
    life: u64,
    level: c_int,
    /// Shared and exclusive locks on the shared memory.
    shm_locks: (u16, u16),
    regions: Vec<Arc<Region>>,
    uses_shm: bool,
    /// Has no name, or loses it when it is closed.
    passing: bool,
}

/// Makes this file system the one that connections use.
pub fn install() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        // SAFETY: the table is a copy of SQLite's own, which lives as long as the process, as does ours.
        unsafe {
            ffi::sqlite3_initialize();
            let before = ffi::sqlite3_vfs_find(std::ptr::null());
            let mut ours = std::ptr::read(before);
            ours.zName = c"outpost-disk".as_ptr();
            ours.pNext = std::ptr::null_mut();
            ours.szOsFile = ours.szOsFile.max(size_of::<File>() as c_int);
            ours.xOpen = Some(open);
            ours.xDelete = Some(delete);
            ours.xAccess = Some(access);
            ours.xFullPathname = Some(full_path);
            BEFORE.get_or_init(|| Before(before));
            let done = ffi::sqlite3_vfs_register(Box::into_raw(Box::new(ours)), 1);
            assert_eq!(done, ffi::SQLITE_OK, "the file system for tests can't be registered");
        }
    });
}

fn before() -> *mut ffi::sqlite3_vfs {
    BEFORE.get().expect("installed").0
}

fn code(no: No, usual: c_int) -> c_int {
    match no {
        No::Dead => usual,
        No::Full => ffi::SQLITE_FULL,
        No::Busy => ffi::SQLITE_BUSY,
        No::Missing => ffi::SQLITE_CANTOPEN,
    }
}

fn said(done: Result<(), No>, usual: c_int) -> c_int {
    done.map_or_else(|no| code(no, usual), |()| ffi::SQLITE_OK)
}

/// # Safety
/// A text that SQLite gives, or nothing.
unsafe fn text<'a>(name: *const c_char) -> Option<&'a str> {
    if name.is_null() {
        return None;
    }
    // SAFETY: it ends with a zero, as the caller says.
    unsafe { CStr::from_ptr(name) }.to_str().ok()
}

/// # Safety
/// A file that [`open`] filled.
unsafe fn handle<'a>(file: *mut ffi::sqlite3_file) -> &'a mut Handle {
    // SAFETY: SQLite uses a file from one thread at a time, and never after it was closed.
    unsafe { &mut *(*file.cast::<File>()).handle }
}

fn on<T>(handle: &Handle, ask: impl FnOnce(&mut Platter) -> T) -> T {
    ask(&mut hold(&handle.disk))
}

unsafe extern "C" fn open(
    _: *mut ffi::sqlite3_vfs,
    name: ffi::sqlite3_filename,
    file: *mut ffi::sqlite3_file,
    flags: c_int,
    out_flags: *mut c_int,
) -> c_int {
    // SAFETY: SQLite gives a name or nothing, and room for a file of the size that was asked for.
    unsafe {
        let path = text(name);
        let disk = match path {
            Some(path) => match mounted(path) {
                Some(disk) => disk,
                None => {
                    let theirs = (*before()).xOpen.expect("a file system opens files");
                    return theirs(before(), name, file, flags, out_flags);
                }
            },
            None => Shared::default(),
        };
        let opened = {
            let mut platter = hold(&disk);
            platter.open(path, flags & ffi::SQLITE_OPEN_CREATE != 0 || path.is_none()).map(|node| (node, platter.life))
        };
        (*file).pMethods = std::ptr::null();
        let (node, life) = match opened {
            Ok(opened) => opened,
            Err(no) => return code(no, ffi::SQLITE_CANTOPEN),
        };
        let passing = path.is_none() || flags & ffi::SQLITE_OPEN_DELETEONCLOSE != 0;
        let handle =
            Handle { disk, node, life, level: 0, shm_locks: (0, 0), regions: Vec::new(), uses_shm: false, passing };
        (*file.cast::<File>()).handle = Box::into_raw(Box::new(handle));
        (*file).pMethods = &raw const METHODS;
        if !out_flags.is_null() {
            *out_flags = flags;
        }
    }
    ffi::SQLITE_OK
}

unsafe extern "C" fn delete(_: *mut ffi::sqlite3_vfs, name: *const c_char, lasting: c_int) -> c_int {
    // SAFETY: SQLite gives a name.
    unsafe {
        match text(name).and_then(|path| mounted(path).map(|disk| (path, disk))) {
            None => (*before()).xDelete.expect("a file system deletes files")(before(), name, lasting),
            Some((path, disk)) => {
                let mut platter = hold(&disk);
                let life = platter.life;
                match platter.remove(life, path, lasting != 0) {
                    Err(No::Missing) => ffi::SQLITE_IOERR_DELETE_NOENT,
                    done => said(done, ffi::SQLITE_IOERR_DELETE),
                }
            }
        }
    }
}

unsafe extern "C" fn access(_: *mut ffi::sqlite3_vfs, name: *const c_char, flags: c_int, answer: *mut c_int) -> c_int {
    // SAFETY: SQLite gives a name and room for the answer.
    unsafe {
        match text(name).and_then(|path| mounted(path).map(|disk| (path, disk))) {
            None => (*before()).xAccess.expect("a file system knows its files")(before(), name, flags, answer),
            Some((path, disk)) => {
                *answer = c_int::from(hold(&disk).exists(path));
                ffi::SQLITE_OK
            }
        }
    }
}

unsafe extern "C" fn full_path(_: *mut ffi::sqlite3_vfs, name: *const c_char, room: c_int, out: *mut c_char) -> c_int {
    // SAFETY: SQLite gives a name, and so many bytes of room.
    unsafe {
        match text(name).filter(|path| mounted(path).is_some()) {
            None => (*before()).xFullPathname.expect("a file system knows its paths")(before(), name, room, out),
            Some(path) if path.len() < room as usize => {
                std::ptr::copy_nonoverlapping(name, out, path.len() + 1);
                ffi::SQLITE_OK
            }
            Some(_) => ffi::SQLITE_CANTOPEN,
        }
    }
}

static METHODS: ffi::sqlite3_io_methods = ffi::sqlite3_io_methods {
    iVersion: 2,
    xClose: Some(close),
    xRead: Some(read),
    xWrite: Some(write),
    xTruncate: Some(truncate),
    xSync: Some(sync),
    xFileSize: Some(file_size),
    xLock: Some(lock),
    xUnlock: Some(unlock),
    xCheckReservedLock: Some(check_reserved),
    xFileControl: Some(file_control),
    xSectorSize: Some(sector_size),
    xDeviceCharacteristics: Some(characteristics),
    xShmMap: Some(shm_map),
    xShmLock: Some(shm_lock),
    xShmBarrier: Some(shm_barrier),
    xShmUnmap: Some(shm_unmap),
    xFetch: None,
    xUnfetch: None,
};

unsafe extern "C" fn close(file: *mut ffi::sqlite3_file) -> c_int {
    // SAFETY: the handle was boxed by `open`, and nobody uses the file after this.
    let mut handle = unsafe { Box::from_raw((*file.cast::<File>()).handle) };
    let Handle { node, life, level, uses_shm, passing, .. } = *handle;
    let mut mine = handle.shm_locks;
    on(&handle, |platter| {
        platter.shm_unlock(life, node, 0..SHM_LOCKS, &mut mine);
        if uses_shm {
            platter.shm_leave(life, node);
        }
        platter.unlock(life, node, level, 0);
        if passing {
            platter.forget(node);
        }
    });
    handle.regions.clear();
    ffi::SQLITE_OK
}

unsafe extern "C" fn read(
    file: *mut ffi::sqlite3_file,
    into: *mut c_void,
    len: c_int,
    at: ffi::sqlite3_int64,
) -> c_int {
    // SAFETY: SQLite gives a buffer of that length.
    let (handle, into) =
        unsafe { (handle(file), std::slice::from_raw_parts_mut(into.cast::<u8>(), len.max(0) as usize)) };
    let wanted = into.len();
    match on(handle, |platter| platter.read(handle.life, handle.node, at as usize, into)) {
        Ok(there) if there == wanted => ffi::SQLITE_OK,
        Ok(_) => ffi::SQLITE_IOERR_SHORT_READ,
        Err(no) => code(no, ffi::SQLITE_IOERR_READ),
    }
}

unsafe extern "C" fn write(
    file: *mut ffi::sqlite3_file,
    data: *const c_void,
    len: c_int,
    at: ffi::sqlite3_int64,
) -> c_int {
    // SAFETY: SQLite gives a buffer of that length.
    let (handle, data) = unsafe { (handle(file), std::slice::from_raw_parts(data.cast::<u8>(), len.max(0) as usize)) };
    let done = on(handle, |platter| match handle.passing {
        // What nobody will ever read again is no storage step.
        true => platter.write_aside(handle.node, at as usize, data),
        false => platter.write(handle.life, handle.node, at as usize, data),
    });
    said(done, ffi::SQLITE_IOERR_WRITE)
}

unsafe extern "C" fn truncate(file: *mut ffi::sqlite3_file, len: ffi::sqlite3_int64) -> c_int {
    // SAFETY: a file that is open.
    let handle = unsafe { handle(file) };
    said(on(handle, |platter| platter.resize(handle.life, handle.node, len as usize)), ffi::SQLITE_IOERR_TRUNCATE)
}

unsafe extern "C" fn sync(file: *mut ffi::sqlite3_file, _: c_int) -> c_int {
    // SAFETY: a file that is open.
    let handle = unsafe { handle(file) };
    said(on(handle, |platter| platter.sync(handle.life, handle.node)), ffi::SQLITE_IOERR_FSYNC)
}

unsafe extern "C" fn file_size(file: *mut ffi::sqlite3_file, size: *mut ffi::sqlite3_int64) -> c_int {
    // SAFETY: a file that is open, and room for the answer.
    unsafe {
        let handle = handle(file);
        *size = on(handle, |platter| platter.len(handle.node)) as ffi::sqlite3_int64;
    }
    ffi::SQLITE_OK
}

unsafe extern "C" fn lock(file: *mut ffi::sqlite3_file, wanted: c_int) -> c_int {
    // SAFETY: a file that is open.
    let handle = unsafe { handle(file) };
    let mut level = handle.level;
    let done = on(handle, |platter| platter.lock(handle.life, handle.node, &mut level, wanted));
    handle.level = level;
    said(done, ffi::SQLITE_IOERR_LOCK)
}

unsafe extern "C" fn unlock(file: *mut ffi::sqlite3_file, wanted: c_int) -> c_int {
    // SAFETY: a file that is open.
    let handle = unsafe { handle(file) };
    on(handle, |platter| platter.unlock(handle.life, handle.node, handle.level, wanted));
    handle.level = handle.level.min(wanted);
    ffi::SQLITE_OK
}

unsafe extern "C" fn check_reserved(file: *mut ffi::sqlite3_file, answer: *mut c_int) -> c_int {
    // SAFETY: a file that is open, and room for the answer.
    unsafe {
        let handle = handle(file);
        *answer = c_int::from(on(handle, |platter| platter.is_reserved(handle.node)));
    }
    ffi::SQLITE_OK
}

unsafe extern "C" fn file_control(_: *mut ffi::sqlite3_file, _: c_int, _: *mut c_void) -> c_int {
    ffi::SQLITE_NOTFOUND
}

unsafe extern "C" fn sector_size(_: *mut ffi::sqlite3_file) -> c_int {
    4096
}

/// What the usual file system says of itself: a write harms nothing beside it.
unsafe extern "C" fn characteristics(_: *mut ffi::sqlite3_file) -> c_int {
    ffi::SQLITE_IOCAP_POWERSAFE_OVERWRITE
}

unsafe extern "C" fn shm_map(
    file: *mut ffi::sqlite3_file,
    place: c_int,
    size: c_int,
    grow: c_int,
    out: *mut *mut c_void,
) -> c_int {
    // SAFETY: a file that is open, and room for the answer. A region lives as long as a handle that has it.
    unsafe {
        let handle = handle(file);
        if size as usize > size_of::<Region>() {
            return ffi::SQLITE_IOERR_SHMMAP;
        }
        let new = !std::mem::replace(&mut handle.uses_shm, true);
        match on(handle, |platter| platter.shm(handle.life, handle.node, place as usize, grow != 0, new)) {
            Ok(Some(region)) => {
                *out = region.0.get().cast();
                if handle.regions.len() <= place as usize {
                    handle.regions.push(region);
                }
                ffi::SQLITE_OK
            }
            Ok(None) => {
                *out = std::ptr::null_mut();
                ffi::SQLITE_OK
            }
            Err(no) => code(no, ffi::SQLITE_IOERR_SHMMAP),
        }
    }
}

unsafe extern "C" fn shm_lock(file: *mut ffi::sqlite3_file, offset: c_int, n: c_int, flags: c_int) -> c_int {
    // SAFETY: a file that is open.
    let handle = unsafe { handle(file) };
    let range = offset as usize..(offset + n) as usize;
    let mut mine = handle.shm_locks;
    let done = on(handle, |platter| {
        if flags & ffi::SQLITE_SHM_UNLOCK != 0 {
            platter.shm_unlock(handle.life, handle.node, range, &mut mine);
            return Ok(());
        }
        let exclusive = flags & ffi::SQLITE_SHM_EXCLUSIVE != 0;
        platter.shm_lock(handle.life, handle.node, range, exclusive, &mut mine)
    });
    handle.shm_locks = mine;
    said(done, ffi::SQLITE_IOERR_SHMLOCK)
}

unsafe extern "C" fn shm_barrier(file: *mut ffi::sqlite3_file) {
    // SAFETY: a file that is open. Taking the lock orders memory as a fence does.
    let handle = unsafe { handle(file) };
    on(handle, |_| ());
    std::sync::atomic::fence(std::sync::atomic::Ordering::SeqCst);
}

unsafe extern "C" fn shm_unmap(file: *mut ffi::sqlite3_file, _: c_int) -> c_int {
    // SAFETY: a file that is open.
    let handle = unsafe { handle(file) };
    if std::mem::take(&mut handle.uses_shm) {
        on(handle, |platter| platter.shm_leave(handle.life, handle.node));
    }
    handle.regions.clear();
    ffi::SQLITE_OK
}
