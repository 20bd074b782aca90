-- What the other files go by. Change it here, and run this file before each of them.
SET VARIABLE logs = 'logs/*/*.jsonl*'; -- logs/HOST/FILE, also .gz
SET VARIABLE manifest = 'app.mayexec.json'; -- what is approved: mayexec manifest
SET VARIABLE root = '/srv/app/'; -- where the hosts have the application, with a slash behind it
SET VARIABLE today = current_date;
SET VARIABLE days = 7; -- how long nothing must be refused before a host is ready
SET VARIABLE hosts = 2; -- how many hosts must have loaded what a manifest takes from the logs
